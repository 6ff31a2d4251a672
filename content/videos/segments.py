"""A scene as a piece of film, kept under the hash of all that makes it; pieces are only joined."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from PIL import Image

from content.videos import painting
from content.videos.canvas import WIDTH
from content.videos.painting import MOVES, WINDOW, Painted, paint
from content.videos.scenes import Scene
from content.videos.tools import run

FPS = 30
ENCODED = (
    *("-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage"),
    *("-profile:v", "high", "-level", "4.1", "-pix_fmt", "yuv420p", "-crf", "22"),
    *("-maxrate", "6M", "-bufsize", "12M", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0"),
    *("-r", str(FPS), "-threads", "1", "-video_track_timescale", "15360", "-an"),
)
SECONDS_TO_MAKE = 100


def folder() -> Path:
    """Of this machine: a cache, neither in the storage nor in backups."""
    found = Path(settings.VIDEO_FOLDER)
    found.mkdir(parents=True, exist_ok=True)
    return found


def key_of(scene: Scene, picture: str) -> str:
    """``picture`` is the hash of its file. Where it stands in the lesson and what is heard while it
    is seen change nothing in it."""
    seen = replace(scene, id="", media_id=None, start=0, image_id=None)
    parts = [painting.VERSION, ENCODED, seen.to_json(), picture]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def segment(key: str) -> Path:
    return folder() / f"{key}.mp4"


def make_segment(scene: Scene, key: str, picture: Image.Image | None) -> Path:
    """Safe to repeat; under its name only once it is whole."""
    path = segment(key)
    if path.exists():
        os.utime(path)  # still of use: see ``rendering.forget_old``
        return path
    painted = paint(scene, picture)
    with TemporaryDirectory(dir=folder()) as name:
        place = Path(name)
        run(_arguments(painted, scene.seconds, place), place, seconds=SECONDS_TO_MAKE)
        (place / "out.mp4").replace(path)
    return path


def _arguments(painted: Painted, seconds: int, place: Path) -> list[str]:
    inputs: list[str] = []
    layers = [*painted.stills, *([painted.picture] if painted.picture else [])]
    for number, layer in enumerate(layers):
        layer.save(place / f"{number}.bmp")
        inputs += ["-framerate", str(FPS), "-i", f"{number}.bmp"]
    graph = _moving(seconds) if painted.picture else _following(len(painted.stills), seconds)
    return [*inputs, "-filter_complex", graph, "-map", "[film]", *ENCODED, "out.mp4"]


def _moving(seconds: int) -> str:
    """Even places only: in what is encoded two points share their colour."""
    frames = seconds * FPS
    held = "loop=loop=-1:size=1:start=0"
    window = f"crop={WIDTH}:{WINDOW.height}:x={MOVES}*n/{frames}:y=0:exact=1"
    return (
        f"[0:v]format=yuv420p,{held}[ground];"
        f"[1:v]format=yuv444p,{held},{window},format=yuv420p[picture];"
        f"[ground][picture]overlay={WINDOW.left}:{WINDOW.top},trim=end_frame={frames}[film]"
    )


def _following(count: int, seconds: int) -> str:
    """Each for its share; the last one has what is left over."""
    share = seconds * FPS // count
    parts, names = [], ""
    for number in range(count):
        frames = share if number < count - 1 else seconds * FPS - share * (count - 1)
        held = f"loop=loop=-1:size=1:start=0,trim=end_frame={frames}"
        parts.append(f"[{number}:v]format=yuv420p,{held}[s{number}]")
        names += f"[s{number}]"
    return ";".join(parts) + f";{names}concat=n={count}:v=1:a=0[film]"


def join(keys: list[str], sound: Path, place: Path) -> Path:
    """The pieces as they are, with the sound below: nothing is encoded anew but the sound."""
    for number, key in enumerate(keys):
        (place / f"{number}.mp4").hardlink_to(segment(key))
    rows = "".join(f"file {number}.mp4\n" for number in range(len(keys)))
    (place / "list.txt").write_text(rows)
    run(
        [
            *("-f", "concat", "-safe", "1", "-i", "list.txt", "-i", sound.name),
            *("-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "128k"),
            *("-ar", "48000", "-ac", "2", "-shortest", "-movflags", "+faststart"),
            *("-map_metadata", "-1", "film.mp4"),
        ],
        place,
        seconds=SECONDS_TO_MAKE,
    )
    return place / "film.mp4"
