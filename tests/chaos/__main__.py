"""``python -m tests.chaos --lessons 200 --seeds 1 2 3``: see the package."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.services import Broker, Database, free_port, programs

# One in a hundred may be held, if it says why.
MOST_HELD = 0.01


def main():
    given = _arguments()
    _, missing = programs()
    if missing:
        sys.exit(f"缺 {'、'.join(missing)}：apt-get install postgresql redis-server")
    results = [_one(given, seed) for seed in given.seeds]
    for result in results:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    sys.exit(any(result["wrong"] or result["too_many_held"] for result in results))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=200)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="+", default=["wechat"])
    parser.add_argument("--minutes", type=float, default=30)
    return parser.parse_args()


def _one(given, seed):
    """A world of its own for each seed."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the database's owner passes through it
        database, broker = Database(Path(folder), free_port()), Broker(free_port())
        database.make()
        broker.start(folder)
        try:
            return _run(given, seed, Path(folder), database, broker)
        finally:
            broker.stop()
            database.stop()


def _run(given, seed, folder, database, broker):
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "DATABASE_URL": database.url,
        "REDIS_URL": broker.url,
        "STUDYHUB_VAR": str(folder / "var"),
        "STUDYHUB_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CHAOS_SEED": str(seed),
        "CHAOS_DEATHS": str(folder / "deaths"),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "tests.chaos.director", str(port)]
    told = json.dumps({**vars(given), "seed": seed, "broker": broker.port, "pg": database.port})
    # The director needs the settings of this world, which are read once in a process.
    done = subprocess.run(
        [*command, told, str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    held, all_of_them = len(result["held"]), given.lessons * len(given.kinds)
    return {**result, "too_many_held": held > MOST_HELD * all_of_them}


if __name__ == "__main__":
    main()
