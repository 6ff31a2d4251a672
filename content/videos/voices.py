"""What is heard: recordings of people, evenly loud, and below them a quiet tone of our own."""

import json
import re
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from content.videos.scenes import Scene
from content.videos.tools import ToolFailed, run
from studyhub.core.errors import Invalid

RATE, CHANNELS, WIDTH = 48_000, 2, 2
LOUD = "I=-15:TP=-1.5:LRA=11"
MOST_SECONDS = 3600  # of a recording
PATIENCE = 100
# How players tell what a file is, and nothing else is opened: a list of other addresses is none.
_SIGNS: tuple[tuple[bytes, int, str], ...] = (
    (b"ftyp", 4, "mov"),
    (b"ID3", 0, "mp3"),
    (b"OggS", 0, "ogg"),
    (b"fLaC", 0, "flac"),
    (b"WAVE", 8, "wav"),
    (b"\x1aE\xdf\xa3", 0, "matroska"),
    (b"\xff\xf1", 0, "aac"),
    (b"\xff\xf9", 0, "aac"),
)
# Two low notes a fifth apart that swell and fade: made here, so nobody's music.
TONE = (
    "aevalsrc='0.012*(sin(2*PI*110*t)+0.6*sin(2*PI*165*t))*(0.6+0.4*sin(2*PI*t/9))'"
    f":s={RATE}:c=stereo"
)
Fetch = Callable[[int, Path], None]


def film_sound(scenes: Sequence[Scene], place: Path, fetch: Fetch) -> Path:
    """``fetch`` lays a recording into the folder, by its number. Raises Invalid for a broken one,
    which names the scene by its place."""
    voices = {}
    for number, scene in enumerate(scenes, start=1):
        if scene.media_id is not None and scene.media_id not in voices:
            voices[scene.media_id] = _voice(number, scene, place, fetch)
    _write(scenes, voices, place / "voices.wav")
    seconds = str(sum(scene.seconds for scene in scenes))
    run(
        [
            *("-f", "lavfi", "-t", seconds, "-i", TONE, "-i", "voices.wav"),
            *("-filter_complex", "[0:a][1:a]amix=inputs=2:normalize=0:duration=first[a]"),
            *("-map", "[a]", "-ar", str(RATE), "sound.wav"),
        ],
        place,
        seconds=PATIENCE,
    )
    return place / "sound.wav"


def _voice(number: int, scene: Scene, place: Path, fetch: Fetch) -> Path:
    raw = place / f"recording-{scene.media_id}"
    try:
        fetch(scene.media_id or 0, raw)
        return _even(raw, place / f"voice-{scene.media_id}.wav")
    except (OSError, ToolFailed, ValueError) as error:
        detail = (
            f"第 {number} 个镜头的录音读不出来：文件坏了、不在了，或者里面没有声音。"
            "请在课里换一个录音，或者在分镜里去掉念它的镜头。"
        )
        raise Invalid("bad_recording", detail) from error


def _even(raw: Path, made: Path) -> Path:
    """Measured first, then moved as a whole: quiet words stay quieter than loud ones."""
    opened = ["-f", _container(raw), "-protocol_whitelist", "file", "-t", str(MOST_SECONDS)]
    source = [*opened, "-i", raw.name, "-vn", "-sn", "-dn", "-map", "0:a:0"]
    measure = f"loudnorm={LOUD}:print_format=json"
    said = run([*source, "-af", measure, "-f", "null", "-"], raw.parent, seconds=PATIENCE)
    found = json.loads(re.findall(r"\{[^{}]*\}", said)[-1])
    if found["input_i"] == "-inf":
        raise ValueError("silence")
    known = ":".join(
        f"measured_{name}={found[f'input_{key}']}"
        for name, key in (("I", "i"), ("TP", "tp"), ("LRA", "lra"), ("thresh", "thresh"))
    )
    evenly = f"loudnorm={LOUD}:{known}:offset={found['target_offset']}:linear=true"
    form = ["-ar", str(RATE), "-ac", str(CHANNELS), "-c:a", "pcm_s16le", "-map_metadata", "-1"]
    run([*source, "-af", evenly, *form, made.name], raw.parent, seconds=PATIENCE)
    return made


def _container(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(16)
    for sign, place, name in _SIGNS:
        if head[place : place + len(sign)] == sign:
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "mp3"  # one without a head of its own
    raise ValueError("no container that is known")


def _write(scenes: Sequence[Scene], voices: dict[int, Path], path: Path) -> None:
    """Silence where nobody speaks."""
    with wave.open(str(path), "wb") as out:
        out.setparams((CHANNELS, WIDTH, RATE, 0, "NONE", ""))
        for scene in scenes:
            out.writeframes(_frames(scene, voices))


def _frames(scene: Scene, voices: dict[int, Path]) -> bytes:
    length = scene.seconds * RATE
    if scene.media_id is None:
        return bytes(length * CHANNELS * WIDTH)
    with wave.open(str(voices[scene.media_id]), "rb") as voice:
        voice.setpos(min(scene.start * RATE, voice.getnframes()))
        data = voice.readframes(length)
    return data.ljust(length * CHANNELS * WIDTH, b"\0")
