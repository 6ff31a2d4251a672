"""Mail or none: where no server is set, nobody is offered a letter and nothing waits for one."""

import re

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from studyhub.settings.mail import mail_settings
from tests import factories as make

pytestmark = pytest.mark.django_db
RESET = "/cms/password_reset/"


@pytest.fixture
def gaowa():
    return make.a_user("gaowa", email="gaowa@example.org", is_staff=True)


def test_without_mail_no_page_offers_a_letter():
    assert RESET not in Client().get("/login/").content.decode()
    assert Client().get(RESET).status_code == 404


def test_with_mail_a_forgotten_password_is_set_anew(settings, gaowa):
    settings.WAGTAIL_PASSWORD_RESET_ENABLED = True
    assert RESET in Client().get("/login/").content.decode()
    Client().post(RESET, {"email": gaowa.email})
    letter = mail.outbox[0]
    assert letter.to == [gaowa.email]
    visitor = Client()
    link = re.search(r"/cms/password_reset/confirm/\S+", letter.body)[0]
    form = visitor.get(link, follow=True).redirect_chain[-1][0]
    fresh = "a-fresh-long-password"
    visitor.post(form, {"new_password1": fresh, "new_password2": fresh})
    gaowa.refresh_from_db()
    assert gaowa.check_password(fresh)
    assert "_auth_user_id" not in visitor.session  # a letter is no way past the second step


def test_a_letter_to_nobody_says_the_same(settings):
    settings.WAGTAIL_PASSWORD_RESET_ENABLED = True
    answer = Client().post(RESET, {"email": "nobody@example.org"})
    assert (answer.status_code, mail.outbox) == (302, [])


@pytest.mark.parametrize(
    "url", ["exmail.qq.com", "pigeon://a:b@c", "smtp+ssl://", "smtp://a:b@c:x"]
)
def test_an_address_that_is_none_is_refused_in_words(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL 写得不对"):
        mail_settings(url)


def test_an_office_writes_the_address_of_its_mailbox():
    found = mail_settings("smtp+ssl://a%40b.cn:p@smtp.exmail.qq.com:465")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_USE_SSL"]) == ("a@b.cn", True)
