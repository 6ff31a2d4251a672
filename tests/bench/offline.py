"""Study without a signal: sizes, the slowest network, cold starts, beside a page built as usual."""

import gzip
import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.pages import KB, plain_lesson
from tests.bench.report import Figure
from tests.bench.servers import ROOT, environment, free_port, gunicorn, manage
from tests.e2e.browser import CHROMIUM, launch_options
from tests.e2e.proxy import Network
from tests.web.scripts import (
    DESK,
    DESK_MOST,
    LESSON_MOST,
    LESSON_STARTS,
    REST_MOST,
    STAFF,
    STAFF_MOST,
    loaded_by,
    packed,
)

SLOW_2G = {"offline": False, "latency": 2000, "downloadThroughput": 6250, "uploadThroughput": 6250}

KEEP_ALL = """async (ids) => {
  const address = performance.getEntriesByType("resource").map((one) => one.name);
  const keep = await import(address.find((name) => /\\/keep\\.[^/]*js$/.test(name)));
  for (let n = 0; n < ids.length; n += 20) {
    await keep.keepAll(await keep.missing(ids.slice(n, n + 20)));
  }
}"""
PAINTED = """() => new Promise(resolve => new PerformanceObserver(list =>
  resolve(list.getEntriesByName('first-contentful-paint')[0].startTime))
  .observe({type: 'paint', buffered: true}))"""


def measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port())
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "collectstatic", "--no-input", "--verbosity", "0")
        manage(env, "demo")
        manage(env, "build_packs")
        with gunicorn(env) as base:
            figures += _sizes(Path(var) / "static", base)
            if not CHROMIUM:
                return [*figures, Figure("离线", "没有浏览器，未测", "", "", None)]
            network = Network(base)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**launch_options())
                figures += _slow(browser, network, plain_lesson(base))
                figures += _kept(browser, network)
                browser.close()
            network.shutdown()
            network.server_close()
            figures += _lighthouse(base, plain_lesson(base))
    return figures


def _sizes(static: Path, base: str) -> list[Figure]:
    """As they are served: made small, and naming each other by their contents."""
    names: dict[str, str] = json.loads((static / "staticfiles.json").read_text("utf-8"))["paths"]
    sizes = {
        name.removeprefix("web/"): packed((static / served).read_bytes())
        for name, served in names.items()
        if name.startswith("web/") and name.endswith(".js")
    }
    lesson = sum(sizes[name] for name in loaded_by(*LESSON_STARTS))
    staff = sum(sizes[name] for name in STAFF)
    desk = sum(sizes[name] for name in DESK)
    rest = sum(sizes.values()) - lesson - staff - desk
    worker = packed(httpx.get(f"{base}/sw.js").content)
    return [
        _scripts("一课自己会载入的脚本（压缩后）", lesson, LESSON_MOST),
        _scripts("其余脚本（别的页面的、按了才载入的，压缩后）", rest, REST_MOST),
        _scripts("只有工作人员两步登录的页面载入的脚本（压缩后）", staff, STAFF_MOST),
        _scripts("只有编辑后台载入的脚本（压缩后）", desk, DESK_MOST),
        Figure(
            "service worker（压缩后）", f"{worker / KB:.1f} KB", "", "≤ 15 KB", worker <= 15 * KB
        ),
    ]


def _scripts(name: str, size: int, most: int) -> Figure:
    return Figure(name, f"{size:,} B", "", f"≤ {most:,} B", size <= most)


def _slow(browser: Browser, network: Network, path: str) -> list[Figure]:
    seconds, size = _first_paint(browser, network.address + path)
    usual = _usual_page(browser, network.address + path)
    return [
        Figure(
            "慢 2G（50 kbit/s，2 s 延迟）首次打开一课，文字可读",
            f"{seconds:.1f} s，{size / KB:.1f} KB",
            usual,
            "≤ 8 s，≤ 150 KB",
            seconds <= 8 and size <= 150 * KB,
        )
    ]


def _first_paint(browser: Browser, url: str) -> tuple[float, int]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_2G)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(int(e["encodedDataLength"])))
    page.goto(url, wait_until="load", timeout=120_000)
    painted = page.evaluate(PAINTED) / 1000
    page.wait_for_timeout(2000)
    context.close()
    return painted, sum(sizes)


def _usual_page(browser: Browser, url: str) -> str:
    """The same lesson in the dress most Wagtail sites wear: Bootstrap's style sheet and script."""
    if not shutil.which("npm"):
        return "缺 npm，未测对照页"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        done = subprocess.run(["npm", "pack", "bootstrap@5"], cwd=folder, capture_output=True)
        if done.returncode:
            return "取不到 bootstrap，未测对照页"
        subprocess.run(["tar", "xzf", next(folder.glob("*.tgz")).name], cwd=folder, check=True)
        dist = folder / "package" / "dist"
        page = browser.new_page()
        page.goto(url)
        body = page.inner_html("main")
        page.close()
        html = (
            "<!doctype html><meta charset=utf-8><title>x</title>"
            "<meta name=viewport content='width=device-width'>"
            "<link rel=stylesheet href=style.css><script src=script.js></script>" + body
        )
        files = {
            "/": ("text/html", html.encode()),
            "/style.css": ("text/css", (dist / "css" / "bootstrap.min.css").read_bytes()),
            "/script.js": (
                "text/javascript",
                (dist / "js" / "bootstrap.bundle.min.js").read_bytes(),
            ),
        }
        seconds, size = _served(browser, files)
    return f"同一课，Bootstrap 页面 {seconds:.1f} s，{size / KB:.0f} KB"


def _served(browser: Browser, files: dict[str, tuple[str, bytes]]) -> tuple[float, int]:
    """From a plain server that packs, as any would."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = files.get(self.path, ("text/plain", b""))
            packed = gzip.compress(body)
            self.send_response(200)
            for header, value in {
                "Content-Type": kind,
                "Content-Encoding": "gzip",
                "Content-Length": str(len(packed)),
            }.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return _first_paint(browser, f"http://127.0.0.1:{server.server_address[1]}/")
    finally:
        server.shutdown()
        server.server_close()


def _kept(browser: Browser, network: Network) -> list[Figure]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=network.address)
    page = context.new_page()
    cards = page.request.get("/api/v1/lessons?limit=100").json()["items"]
    paths = ["/" + card["url"].split("/", 3)[3] for card in cards]
    page.goto(paths[0])
    _read_to_the_end(page)
    while not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.wait_for_timeout(200)
    page.evaluate(KEEP_ALL, [card["id"] for card in cards])
    repeat = _repeat_visit(page, network, paths[1])
    network.mode = "down"
    times = [_cold_start(context, path) for path in paths]
    network.reset()
    context.close()
    worst = max(times)
    return [
        Figure(
            f"离线冷启动，{len(paths)} 课，CPU 慢 4 倍",
            f"最慢 {worst:.2f} s，中位 {statistics.median(times):.2f} s",
            "",
            "≤ 2 s",
            worst <= 2,
        ),
        Figure("再次打开存好的一课", f"{repeat / KB:.1f} KB", "", "≤ 2 KB", repeat <= 2 * KB),
    ]


def _read_to_the_end(page: Page) -> None:
    for end in page.locator("[data-end]").all():
        end.scroll_into_view_if_needed()
        page.wait_for_timeout(60)


def _repeat_visit(page: Page, network: Network, path: str) -> int:
    page.goto(path)
    page.wait_for_timeout(6000)  # everything the page wants to say after it is read
    network.sent_bytes = 0
    page.goto(path)
    page.wait_for_timeout(6000)
    return network.sent_bytes


def _cold_start(context: object, path: str) -> float:
    page = context.new_page()  # type: ignore[attr-defined]
    session = context.new_cdp_session(page)  # type: ignore[attr-defined]
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(path)
    painted = page.evaluate(PAINTED) / 1000
    assert page.locator(".part p").first.is_visible()
    page.close()
    return float(painted)


def _lighthouse(base: str, path: str) -> list[Figure]:
    """On a phone, for the first page and a lesson; fetched by npm where there is one."""
    name = "Lighthouse（手机）"
    goal = "100/100/100/100"
    if not shutil.which("npm"):
        return [Figure(name, "缺 npm，未测", "", goal, None)]
    tools = ROOT / "var" / "bench" / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--prefix", str(tools), "--ignore-scripts", "lighthouse@12"]
    if subprocess.run(install, capture_output=True).returncode:
        return [Figure(name, "取不到 lighthouse，未测", "", goal, None)]
    return [
        _audit(tools, name + words, base + where, goal)
        for words, where in (("首页", "/"), ("课页", path))
    ]


def _audit(tools: Path, name: str, url: str, goal: str) -> Figure:
    flags = " ".join(["--headless=new", *launch_options()["args"]])
    command = [str(tools / "node_modules" / ".bin" / "lighthouse"), url, "--quiet"]
    command += ["--output", "json", f"--chrome-flags={flags}"]
    import os

    env = {**os.environ, "CHROME_PATH": CHROMIUM}
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=300)
    if done.returncode:
        return Figure(name, "没有跑成：" + done.stderr[-80:], "", goal, None)
    scores = [
        round(100 * part["score"]) for part in json.loads(done.stdout)["categories"].values()
    ][:4]
    return Figure(name, "/".join(map(str, scores)), "", goal, min(scores) == 100)
