import pytest
from django.template.loader import render_to_string

from tests import factories as make


def test_a_missing_page_says_where_to_go(client, db):
    make.a_tree()
    response = client.get("/courses/nothing/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()
    assert 'href="/courses/"' in response.content.decode()


@pytest.mark.parametrize("template", ["403.html", "404.html", "429.html", "web/csrf_failure.html"])
def test_every_error_page_says_what_to_do(db, template):
    assert 'class="button' in render_to_string(template)


def test_the_page_for_broken_servers_needs_no_server():
    text = render_to_string("500.html")
    assert "/static/" not in text
    assert "请过一会儿再试" in text
