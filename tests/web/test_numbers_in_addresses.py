"""A number in an address that no database can hold is no page, and no fault of ours."""

from pathlib import Path

import pytest

from tests import factories as make

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [path for part in ("content", "studyhub") for path in (ROOT / part).rglob("*.py")]
PLACES = (
    "/cms/twins/{}/",
    "/cms/videos/{}/",
    "/cms/videos/{}/state/",
    "/cms/reviews/{}/",
    "/cms/reviews/{}/sheet.pdf",
    "/cms/questions/{}/",
    "/cms/questions/lesson/{}/",
    "/cms/word/reports/{}/",
    "/cms/proofs/{}/",
    "/cms/second-factor/{}/",
    "/documents/{}/a.pdf",
)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["9223372036854775807", "9223372036854775808", "9" * 20])
@pytest.mark.parametrize("place", PLACES)
def test_it_is_not_found(place, number, client):
    client.force_login(make.a_user("boss", is_staff=True, is_superuser=True))
    assert client.get(place.format(number), follow=True).status_code == 404


def test_no_address_of_ours_takes_just_any_number():
    taking = [path.name for path in SOURCES if "<int:" in path.read_text()]
    assert taking == []
