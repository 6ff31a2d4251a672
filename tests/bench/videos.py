"""A film of 90 seconds, and the same with one word changed: seconds of one core, all told."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.report import Figure
from tests.bench.servers import ROOT, environment, free_port

GOALS = {"whole": 90.0, "word": 15.0}
WORDS = {"whole": "90 秒的竖屏视频，从头生成", "word": "同一个视频，改一个字"}
# What a worker does for a film, without the database: pieces, sound, joined.
CODE = """
import json, resource, sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from django.conf import settings
from PIL import Image
from content.elements import Stop
from content.videos import segments
from content.videos.scenes import Kind, Scene
from content.videos.voices import film_sound
settings.VIDEO_FOLDER = Path(sys.argv[-1])
picture = Image.effect_noise((300, 200), 60).convert("RGB").resize((1800, 1200))
stops = tuple(Stop(f"地{n}", 100 + n, 30 + n % 3) for n in range(6))
kinds = [Kind.TITLE, Kind.FIGURE, Kind.WORDS, Kind.STEPS, Kind.ROUTE, Kind.FIGURE] * 2
words = "会开了三天，\\n换了带路的人，\\n走出了困境。"
scenes = [Scene(str(n), k, f"{n} {words}", 7, stops=stops) for n, k in enumerate(kinds)]
scenes.append(Scene("end", Kind.WORDS, words, 6))
def spent():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
def film(scenes):
    start, keys = spent(), []
    for scene in scenes:
        shown = picture if scene.kind is Kind.FIGURE else None
        keys.append(segments.key_of(scene, "noise" if shown else ""))
        segments.make_segment(scene, keys[-1], shown)
    with TemporaryDirectory(dir=segments.folder()) as name:
        place = Path(name)
        segments.join(keys, film_sound(scenes, place, None), place)
    return spent() - start
whole = film(scenes)
word = film([replace(scenes[0], words="遵义会议"), *scenes[1:]])
print(json.dumps({"whole": whole, "word": word}))
"""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-c", f"import django; django.setup()\n{CODE}", folder]
        env = {
            **environment(Path(folder), free_port()),
            "DJANGO_SETTINGS_MODULE": "studyhub.settings.dev",
        }
        done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    spent = json.loads(done.stdout.splitlines()[-1])
    return [_figure(name, spent[name], goal) for name, goal in GOALS.items()]


def _figure(name: str, seconds: float, goal: float) -> Figure:
    said = f"一个核 {seconds:.1f} 秒"
    return Figure(WORDS[name], said, "片长 90 秒", f"不超过 {goal:.0f} 秒", seconds <= goal)
