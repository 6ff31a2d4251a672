"""Speak the transcript of every audio block and encode it as a small mono .m4a file.

Needs ``espeak-ng`` and ``ffmpeg``.  Nothing but the files in ``audio/`` is written; the true
length of each recording is printed so that ``seconds`` in the lesson can be set by hand.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import wave
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
WORDS_PER_MINUTE = "150"
SAMPLE_RATE = "22050"
BIT_RATE = "24k"
DIGITS = "零一二三四五六七八九"
YEAR = re.compile(r"(\d{4})年")
PLACES = (("万", 10_000), ("千", 1_000), ("百", 100), ("十", 10))


def spoken_number(number: int) -> str:
    """A whole number below 100,000 in Chinese words, as it is said aloud."""
    text = ""
    rest = number
    gap = False
    for name, size in PLACES:
        digit, rest = divmod(rest, size)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = bool(text)
    if rest:
        text += ("零" if gap and text else "") + DIGITS[rest]
    if text.startswith("一十"):
        text = text[1:]
    return text or DIGITS[0]


def spoken(text: str) -> str:
    """The transcript with figures written out, so that the voice reads years digit by digit."""

    def year(match: re.Match[str]) -> str:
        return "".join(DIGITS[int(d)] for d in match.group(1)) + "年"

    text = YEAR.sub(year, text.strip())
    return re.sub(r"\d+", lambda m: spoken_number(int(m.group())), text)


def audio_blocks() -> list[tuple[str, dict[str, Any]]]:
    """All audio blocks with the name of their lesson file."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted((ROOT / "lessons").glob("L*.toml")):
        lesson = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [(path.name, b) for b in lesson["blocks"] if b["type"] == "audio"]
    return found


def record(block: dict[str, Any], folder: Path) -> float:
    """Make one recording and return its length in seconds."""
    speech = folder / "speech.wav"
    command = ["espeak-ng", "-v", "cmn", "-s", WORDS_PER_MINUTE, "-g", "4", "-w", str(speech)]
    subprocess.run([*command, spoken(block["transcript"])], check=True, timeout=60)
    target = ROOT / block["file"]
    target.parent.mkdir(parents=True, exist_ok=True)
    encode = ["ffmpeg", "-v", "error", "-y", "-i", str(speech), "-ac", "1", "-ar", SAMPLE_RATE]
    encode += ["-af", "highpass=f=90,lowpass=f=7000,loudnorm=I=-18:TP=-2"]
    encode += ["-c:a", "aac", "-b:a", BIT_RATE, "-map_metadata", "-1", "-fflags", "+bitexact"]
    encode += ["-flags:a", "+bitexact", "-movflags", "+faststart", str(target)]
    subprocess.run(encode, check=True, timeout=120)
    with wave.open(str(speech), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def main() -> int:
    """Record every audio block and print lengths and sizes."""
    with tempfile.TemporaryDirectory() as name:
        for lesson, block in audio_blocks():
            length = record(block, Path(name))
            size = (ROOT / block["file"]).stat().st_size
            stated = block["seconds"]
            mark = "" if abs(stated - length) < 1 else f"  <- lesson says {stated}"
            print(f"{lesson} {block['file']} {length:.1f} s {size} bytes{mark}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
