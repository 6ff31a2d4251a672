"""The first administrator at the door, as a person with an authenticator app goes through it."""

import re
import time

import httpx

from studyhub.people import totp
from tests.web.shipped_nginx import HOST

LOGIN = "guanliyuan"


def sign_in_for_the_first_time(phone: httpx.Client, password: str) -> None:
    """Nobody is in by the password; the secret shown goes into the app, its code opens."""
    page = _password(phone, password)
    assert phone.get("/cms/").status_code == 302, "光有密码就进了后台"
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    code = totp.code_at(secret, int(time.time()) // totp.PERIOD)
    said = _send(phone, "/login/second-factor/", {"with": "app", "code": code})
    papers = re.findall(r'<span class="secret">(.*?)</li>', said)
    codes = ["".join(re.findall(r"\d{4}", paper)) for paper in papers]
    assert len(codes) == 10, said
    assert phone.get("/cms/").status_code == 200
    _send(phone, "/logout/", {})
    _password(phone, password)
    _send(phone, "/login/code/", {"code": codes[0]})  # the app's code of this half minute is used
    assert phone.get("/cms/").status_code == 200


def _password(phone: httpx.Client, password: str) -> str:
    phone.get("/login/")
    return _send(phone, "/login/", {"username": LOGIN, "password": password, "next": "/cms/"})


def _send(phone: httpx.Client, path: str, form: dict[str, str]) -> str:
    proof = {"X-CSRFToken": phone.cookies["csrftoken"], "Referer": f"https://{HOST}/"}
    answer = phone.post(path, data=form, headers=proof)
    assert answer.status_code in (200, 302), f"{path} {answer.status_code} {answer.text[:500]}"
    return answer.text
