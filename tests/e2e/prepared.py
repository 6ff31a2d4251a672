"""The demo, loaded once for all test processes: each gets a copy of its files and its database."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.database import ADMIN, drop_database, make_database, of_this_checkout
from tests.bench.servers import environment, free_port, manage
from tests.database import lock

PREPARED = of_this_checkout("studyhub_e2e_prepared")


@contextlib.contextmanager
def own_state(shared: Path, worker: str) -> Iterator[tuple[Path, str]]:
    """The folder and, on PostgreSQL, the database of one process; the database goes at the end."""
    var = shared / f"product-{worker}"
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with lock("product"):
            shutil.copytree(_prepared(shared, ""), var)
        yield var, ""
        return
    own = of_this_checkout(f"studyhub_e2e_{worker}")
    with lock("product"):
        shutil.copytree(_prepared(shared, _address(PREPARED)), var)
        make_database(own, PREPARED)
    yield var, _address(own)
    for name in (own, PREPARED):
        drop_database(name)


def _prepared(shared: Path, database_url: str) -> Path:
    """The first process fills it; the others find it there."""
    state = shared / "product"
    if not state.exists():
        if database_url:
            make_database(PREPARED)
        half = shared / "product-half"
        env = environment(half, free_port(), database_url)
        manage(env, "run", "--prepare")
        manage(env, "build_packs")  # the hints to build them are for a worker that is not there
        half.rename(state)
    return state


def _address(database: str) -> str:
    return urlsplit(ADMIN)._replace(path=f"/{database}").geturl()
