"""What a visit costs: bytes on the way, requests per second, CPU and memory of the server."""

import os
import re
import subprocess
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.servers import pinned
from tests.e2e.browser import launch_options

SECONDS = 8


def first_visit(url: str, cookie: str = "") -> list[tuple[str, int]]:
    """Kind and bytes on the wire of each request of an empty browser. ``cookie``: name=value."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page()
        if cookie:
            name, value = cookie.split("=", 1)
            page.context.add_cookies([{"name": name, "value": value, "url": url}])
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        kinds: dict[str, str] = {}
        sizes: dict[str, int] = {}
        session.on("Network.requestWillBeSent", lambda e: kinds.update({e["requestId"]: e["type"]}))
        session.on(
            "Network.loadingFinished",
            lambda e: sizes.update({e["requestId"]: round(e["encodedDataLength"])}),
        )
        page.goto(url, wait_until="networkidle")
        browser.close()
    return [(kinds.get(pk, ""), size) for pk, size in sizes.items()]


def requests_per_second(url: str, cookie: str = "", *, pin: str = "1") -> float:
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip"]
    command += ["-H", f"Cookie: {cookie}"] if cookie else []
    done = subprocess.run(pinned([*command, url], pin), capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found
    return float(found[1])


def visit_cpu(pid: int, url: str, cookie: str = "", *, times: int = 100) -> float:
    """Milliseconds of CPU that one visit costs the server whose first process is ``pid``."""
    asked = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    for _ in range(10):  # templates and connections are there from now on
        urllib.request.urlopen(asked).close()
    before = cpu_seconds(pid)
    for _ in range(times):
        urllib.request.urlopen(asked).close()
    return (cpu_seconds(pid) - before) / times * 1000


def cpu_seconds(pid: int) -> float:
    """Of a process and its children since they began."""
    ticks = 0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime, stime
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """PSS of a process and its children: what they share is counted once."""
    total = 0
    for each in family(pid):
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def family(pid: int) -> list[int]:
    """The process, its children and theirs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]
