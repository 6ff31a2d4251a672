"""A phone with an app that makes codes, for tests."""

import re
import time

from studyhub.people import totp
from studyhub.people.models import SecondFactor, User
from studyhub.people.second_factor import set_up_app, set_up_paper

STEP = totp.PERIOD


class App:
    """Has the secret, and reads the time from its own clock, ``ahead`` by so many half minutes."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, ahead: int = 0) -> str:
        return totp.code_at(self.secret, int(time.time() // STEP) + ahead)


def with_app(user: User) -> App:
    """From now on the account has a second factor, of whose code none was used yet."""
    app = App(totp.new_secret())
    set_up_app(user, app.secret, app.code())
    SecondFactor.objects.filter(user=user).update(last_step=0)
    return app


def with_paper(user: User) -> list[str]:
    return set_up_paper(user)


def shown_codes(page: str) -> list[str]:
    """The recovery codes that a page shows this once."""
    lines = re.findall(r"<li><span class=\"secret\">(.*?)</li>", page)
    return ["".join(re.findall(r"\d{4}", line)) for line in lines]
