"""The pages that tell a correction, complete without a script."""

import pytest

from studyhub.learning.corrections import open_corrections
from tests import factories as make

PATH = "/me/corrections/"


@pytest.fixture
def waiting(qiqige, lesson):
    """A lesson that 其其格 finished and that was corrected since."""
    make.study(qiqige, lesson)
    make.correct(lesson)
    return lesson


def test_own_record_tells_of_a_correction_and_of_none(sign_in, qiqige, lesson):
    client = sign_in(qiqige)
    make.study(qiqige, lesson)
    assert PATH not in client.get("/me/").content.decode()
    make.correct(lesson)
    assert "您学过的课有一处改正" in client.get("/me/").content.decode()


def test_the_page_says_in_words_what_stood_and_what_stands(sign_in, qiqige, waiting):
    response = sign_in(qiqige).get(PATH)
    text = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert "<b>原来是</b><del>三天的会，换对了带路的人。</del>" in text
    assert "<b>改为</b><ins>改三天的会，换对了带路的人。</ins>" in text
    assert "写错了。" in text


def test_saying_so_by_form_takes_the_card_away_and_keeps_completion(sign_in, qiqige, waiting):
    form = {"lesson": str(waiting.translation_key), "revision": ["2"]}
    response = sign_in(qiqige).post(PATH, form, follow=True)
    assert "记下了，这处改正您已经看过。" in response.content.decode()
    assert open_corrections(qiqige) == []
    assert "学完 1 课" in sign_in(qiqige).get("/me/").content.decode()


@pytest.mark.parametrize("form", [{}, {"lesson": "x"}, {"lesson": "", "revision": "²"}])
def test_a_form_without_a_lesson_says_what_to_do(sign_in, qiqige, form):
    response = sign_in(qiqige).post(PATH, form)
    assert response.status_code == 404
    assert "请回到“我的”" in response.content.decode()


def test_strangers_sign_in_and_working_accounts_have_none(client, sign_in, qiqige):
    assert client.get(PATH)["Location"] == f"/login/?next={PATH}"
    leader = make.a_leader(make.a_group(qiqige))
    assert sign_in(leader).get(PATH)["Location"] == "/me/"


def test_leaders_are_not_shown_who_has_seen_it(sign_in, qiqige, waiting, plan):
    group = make.a_group(qiqige)
    plan(group, waiting)
    leader = sign_in(make.a_leader(group))
    assert "改正" not in leader.get(f"/lead/groups/{group.public_id}/").content.decode()


def test_the_api_tells_the_same(sign_in, qiqige, waiting):
    body = sign_in(qiqige).get("/api/v1/me/corrections").json()
    [item] = body["items"]
    [block] = item["blocks"]
    assert body["next"] is None
    assert (item["lesson_id"], item["url"]) == (str(waiting.translation_key), waiting.url)
    assert (item["revision"], item["finished_revision"], item["change"]) == (2, 1, "fact")
    assert block["before"] == "三天的会，换对了带路的人。"
    assert block["section_id"] is None


def test_the_lesson_lists_every_publication_after_the_first(client, waiting):
    make.correct(waiting, "minor")
    lesson = client.get(f"/api/v1/lessons/{waiting.translation_key}").json()
    assert [(c["revision"], c["change"], c["note"]) for c in lesson["corrections"]] == [
        (2, "fact", "写错了。"),
        (3, "minor", ""),
    ]
