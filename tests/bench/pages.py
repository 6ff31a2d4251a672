"""The lesson page: bytes of a first visit, and requests per second behind the shipped nginx."""

import json
import shutil
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from studyhub.web.sharing import packed
from tests.bench.report import Figure
from tests.bench.servers import (
    ROOT,
    environment,
    free_port,
    gunicorn,
    manage,
    pinned,
    running,
    store_pages,
    wait_for,
)
from tests.bench.visits import first_visit, requests_per_second
from tests.e2e.browser import CHROMIUM

KB = 1024


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port())
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "collectstatic", "--no-input", "--verbosity", "0")
        manage(env, "demo")
        store_pages(env)
        with gunicorn(env, pin="0") as base:
            path = plain_lesson(base)
            return [*_sizes(base, path), *_speeds(base, path, Path(var))]


def plain_lesson(base: str) -> str:
    """The path of a lesson without pictures and sound."""
    return "/" + str(plain_card(base)["url"]).split("/", 3)[3]


def plain_card(base: str) -> dict[str, Any]:
    """The API's card of that lesson."""
    with urllib.request.urlopen(f"{base}/api/v1/lessons?limit=100") as answer:
        cards = json.load(answer)["items"]
    for card in cards:
        with urllib.request.urlopen(f"{base}/api/v1/lessons/{card['id']}") as answer:
            size = json.load(answer)["bytes"]
        if not size["images"] and not size["audio"]:
            return dict(card)
    raise RuntimeError("every demo lesson has media")


def _sizes(base: str, path: str) -> list[Figure]:
    if not CHROMIUM:
        return [Figure("首次打开一课的字节数", "没有浏览器，未测", "", "", None)]
    sizes = first_visit(base + path)
    before = sum(size for kind, size in sizes if kind in ("Document", "Stylesheet"))
    total = sum(size for _, size in sizes)
    with urllib.request.urlopen(base + path) as answer:
        raw = len(answer.read())
    return [
        Figure(
            "无媒体的课：能读之前（HTML + CSS，含响应头）",
            f"{before / KB:.1f} KB",
            f"不压缩的 HTML {raw / KB:.1f} KB",
            "≤ 14 KB",
            before <= 14 * KB,
        ),
        Figure(
            "无媒体的课：首次打开全部请求",
            f"{total / KB:.1f} KB，{len(sizes)} 个请求",
            "无第三方、无网络字体",
            "≤ 40 KB，≤ 8 个请求",
            total <= 40 * KB and len(sizes) <= 8,
        ),
    ]


def _speeds(base: str, path: str, var: Path) -> list[Figure]:
    if not shutil.which("nginx") or not shutil.which("wrk"):
        words = "缺少 nginx 或 wrk，未测（apt-get install nginx-light wrk）"
        return [Figure("课页每秒请求数", words, "", "", None)]
    stored = requests_per_second(base + path)
    rendered = requests_per_second(f"{base}{path}?each-time")
    port = free_port()
    (var / "plain").mkdir()
    with urllib.request.urlopen(base + path) as answer:
        body = answer.read()
    (var / "plain" / "lesson.html").write_bytes(body)
    (var / "plain" / "lesson.html.gz").write_bytes(packed(body))
    config = _nginx_config(base, port, var)
    nginx = ["nginx", "-p", str(var), "-c", str(config), "-g", "daemon off;"]
    with running(pinned(nginx, "0")):
        front = f"http://127.0.0.1:{port}"
        wait_for(front + path)
        sent = requests_per_second(front + path)
        static = requests_per_second(f"{front}/plain/lesson.html")
    return [
        Figure(
            "课页每秒请求数（随附的 nginx，一个核）",
            f"{sent:,.0f} 次/秒",
            f"nginx 静态文件（同样的字节）{static:,.0f}，比 {sent / static:.2f}",
            "≥ 0.9",
            sent >= 0.9 * static,
        ),
        Figure(
            "课页每秒请求数（只有应用，一个进程、一个核）",
            f"{stored:,.0f} 次/秒",
            f"每次现做 {rendered:,.0f}，{stored / rendered:.0f} 倍",
            "≥ 10 倍",
            stored >= 10 * rendered,
        ),
    ]


def _nginx_config(base: str, port: int, var: Path) -> Path:
    """The shipped settings, with this run's addresses and one worker process."""
    shipped = (ROOT / "studyhub" / "docs" / "nginx.conf").read_text("utf-8")
    for name, value in {
        "server 127.0.0.1:8000;": f"server {base.removeprefix('http://')};",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        # Without TLS: what is measured is how pages are found and sent.
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "ssl_certificate /etc/nginx/certificates/studyhub.pem;": "",
        "ssl_certificate_key /etc/nginx/certificates/studyhub.key;": "",
        "/var/cache/nginx/studyhub": str(var / "cache"),
        "/srv/studyhub/var": str(var),
        "worker_processes auto;": f"worker_processes 1;\npid {var}/nginx.pid;\nuser root;",
        "server_name study.example.org;": (
            "server_name 127.0.0.1;\n"
            f"    location /plain/ {{ root {var}; gzip_static on; default_type text/html; }}"
        ),
        "access_log /var/log/nginx/studyhub.log": f"access_log {var}/access.log",
        "error_log /var/log/nginx/error.log": f"error_log {var}/error.log",
    }.items():
        assert name in shipped, name
        shipped = shipped.replace(name, value)
    path = var / "nginx.conf"
    path.write_text(shipped, "utf-8")
    return path
