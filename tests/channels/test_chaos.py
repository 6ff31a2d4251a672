"""A short storm; ``make chaos`` is the long one."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.chaos.services import programs

# A world of its own, whatever the run's database is.
pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.mark.skipif(
    bool(programs()[1]), reason="没有 PostgreSQL、Redis 的程序：make chaos 会说缺什么"
)
def test_every_lesson_is_there_exactly_once():
    command = [sys.executable, "-m", "tests.chaos", "--lessons", "6", "--seeds", "1"]
    done = subprocess.run(
        [*command, "--minutes", "12"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    result = json.loads(done.stdout)
    assert (result["wrong"], result["held"]) == ([], [])
    assert result["states"] == {"wechat": {"published": 6}}
    assert result["weather"].endswith("backup restored 1")
