"""As much of systemd as the shipped units need: what they say is started, where no systemd runs."""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# As systemd does it: the child finds its listening socket as number 3, meant for it alone.
_HAND_OVER = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'


class Units:
    """The units in one folder, by name; every child is ended with ``close``."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log
        self.sockets: dict[str, socket.socket] = {}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def systemctl(self, verb: str, *names: str) -> None:
        """``enable --now``, ``start``, ``restart``, ``reload`` and ``stop``."""
        actions: dict[str, Callable[[str], None]] = {
            "enable": self.start,
            "start": self.start,
            "stop": self.stop,
            "reload": self.reload,
            "restart": self.restart,
        }
        if verb == "daemon-reload":
            return
        for name in names:
            if name != "--now":
                actions[verb](name)

    def start(self, name: str) -> None:
        if name.endswith(".timer"):
            assert self._read(name)["OnCalendar"]  # its service is started by hand here
            return
        if name.endswith(".socket"):
            self._listen(name)
            name = name.removesuffix(".socket") + ".service"
        service = _service(name)
        unit = self._read(service)
        environment = _environment(Path(unit["EnvironmentFile"]))
        command = shlex.split(unit["ExecStart"])
        door = self.sockets.get(service.removesuffix(".service"))
        with self.log.open("ab") as log:
            self.children[service] = subprocess.Popen(
                ["/bin/sh", "-c", _HAND_OVER, "sh", *command] if door else command,
                cwd=unit["WorkingDirectory"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=(lambda: os.dup2(door.fileno(), 3) and None) if door else None,
                pass_fds=(3,) if door else (),
            )
        if unit["Type"] == "oneshot":
            child = self.children.pop(service)
            assert child.wait(timeout=120) == 0, self.log.read_text("utf-8")[-2000:]

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        child = self.children.pop(_service(name))
        child.send_signal(number)
        child.wait(timeout=160)
        with contextlib.suppress(ProcessLookupError):  # what a killed parent left
            os.killpg(child.pid, signal.SIGKILL)

    def restart(self, name: str) -> None:
        if _service(name) in self.children:
            self.stop(name)
        self.start(name)

    def reload(self, name: str) -> None:
        unit = self._read(_service(name))
        assert unit["ExecReload"] == "/bin/kill -HUP $MAINPID"
        self.children[_service(name)].send_signal(signal.SIGHUP)

    def close(self) -> None:
        for name in list(self.children):
            self.stop(name)
        for door in self.sockets.values():
            door.close()

    def _listen(self, name: str) -> None:
        unit = self._read(name)
        host, port = unit["ListenStream"].rsplit(":", 1)
        self.sockets[name.removesuffix(".socket")] = socket.create_server((host, int(port)))

    def _read(self, name: str) -> dict[str, str]:
        stem, _, kind = name.rpartition(".")
        template, _, instance = stem.partition("@")
        file = self.folder / (f"{template}@.{kind}" if instance else name)
        lines = file.read_text("utf-8").replace("%i", instance).replace("%%", "%").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] not in "#;")


def _service(name: str) -> str:
    return name if name.endswith(".service") else f"{name}.service"


def _environment(file: Path) -> dict[str, str]:
    """A service sees its file and little else; a later line wins."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
    said = dict(line.split("=", 1) for line in lines)
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | said


def until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds waited; an error that names ``what`` when they are over."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - begun
