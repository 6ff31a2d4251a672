"""A PostgreSQL and a Redis of our own, which nobody minds to see restarted and emptied."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

OWNER = "postgres"  # PostgreSQL refuses to run as root


def programs():
    """Where the server's programs are, or what is missing."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb") or ""]
    missing = [name for name, path in (("initdb", found[-1]), ("redis-server", REDIS)) if not path]
    return Path(found[-1]).parent, missing


REDIS = shutil.which("redis-server")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Database:
    """One cluster in one folder."""

    def __init__(self, folder, port):
        self.bin, _ = programs()
        self.folder, self.port = folder / "pg", port
        self.user = OWNER if os.geteuid() == 0 else None

    def make(self):
        self.folder.mkdir(mode=0o700)
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self._do(
            "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", self.folder
        )
        self.start()

    @property
    def url(self):
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def _options(self):
        told = {"port": self.port, "listen_addresses": "127.0.0.1", "fsync": "off"}
        flags = [f"-c {name}={value}" for name, value in told.items()]
        return " ".join([*flags, f"-k {self.folder}"])

    def start(self):
        log = self.folder / "log"
        self._do("pg_ctl", "start", "-w", "-D", self.folder, "-l", log, "-o", self._options())

    def restart(self):
        """As after a power cut: what was not committed is gone, every connection breaks."""
        self.stop()
        self.start()

    def stop(self):
        self._do("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.folder)

    def _do(self, name, *args):
        command = [self.bin / name, *map(str, args)]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run(command, user=self.user, check=True, cwd="/", **silent)


class Broker:
    """A Redis that keeps nothing."""

    def __init__(self, port):
        self.port, self.process = port, None

    def start(self, folder):
        command = [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
        self._wait()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def _wait(self):
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("redis-server does not start")

    def flush(self):
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(b"FLUSHALL\r\n")
            line.recv(64)

    def stop(self):
        self.process.terminate()
        self.process.wait()
