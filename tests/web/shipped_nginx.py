"""The shipped nginx file, started as an ordinary process on loopback before a production server.

Only what belongs to a machine is put in place of the example: names, ports, paths, certificates.
"""

import contextlib
import datetime
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.bench.servers import ROOT, free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
SHIPPED = ROOT / "studyhub" / "docs" / "nginx.conf"
HOST = "study.example.org"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def production(var: Path, port: int) -> dict[str, str]:
    """The environment of a sound production server on a database of its own."""
    ours = ("STUDYHUB", "DJANGO", "DATABASE_URL", "REDIS_URL", "CELERY")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | {
        "STUDYHUB_ENV": "production",
        "STUDYHUB_SECRET_KEY": "7Qm-vX2_sK9wZr4T.bN8yLc1Hd6JgUf3PaWe5RxSoVtIiBqMz0kEnYhCjDlGuFp",
        "STUDYHUB_FIELD_KEYS": Fernet.generate_key().decode(),
        "STUDYHUB_PUBLIC_URL": f"https://{HOST}",
        "STUDYHUB_ALLOWED_HOSTS": HOST,
        "STUDYHUB_CONN_MAX_AGE": "0",
        "STUDYHUB_VAR": str(var),
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }


@contextlib.contextmanager
def nginx(folder: Path, var: Path, application: int) -> Iterator[tuple[int, int]]:
    """Its ports for http and https, in front of the application's."""
    plain, secure = free_port(), free_port()
    (folder / "temp").mkdir()
    _make_certificate(folder)
    (folder / "nginx.conf").write_text(_placed(folder, var, (plain, secure, application)))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "error.log"]
    with (folder / "said").open("w") as said:
        child = subprocess.Popen([*map(str, command)], stdout=said, stderr=said)
    try:
        yield plain, secure
    finally:
        child.terminate()
        child.wait(timeout=20)


def trust(folder: Path) -> ssl.SSLContext:
    """For a client that asks nginx by its number on loopback."""
    context = ssl.create_default_context(cafile=str(folder / "studyhub.pem"))
    context.check_hostname = False
    return context


def _placed(folder: Path, var: Path, ports: tuple[int, int, int]) -> str:
    plain, secure, application = ports
    temporary = "".join(f"  {name}_temp_path {folder}/temp/{name};\n" for name in TEMPORARY)
    user = "user root;\n" if os.getuid() == 0 else ""
    text = SHIPPED.read_text("utf-8")
    for example, here in (
        ("\nhttp {\n", f"\nhttp {{\n{temporary}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{application};"),
        ("/etc/nginx/certificates", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("/var/cache/nginx", str(folder)),
        ("/srv/studyhub/var", str(var)),
    ):
        assert example in text, example
        text = text.replace(example, here)
    return f"daemon off;\npid {folder}/pid;\n{user}{text}"


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    unlocked = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "studyhub.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "studyhub.key").write_bytes(key.private_bytes(pem, pkcs8, unlocked))
