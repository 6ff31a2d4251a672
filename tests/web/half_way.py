"""A sign-in between its two steps, and what its pages say."""

from django.test import Client

from tests import factories as make


def said(answer):
    return answer.content.decode()


def signed_in(client):
    return client.get("/me/").status_code == 200


def halfway(user="bianji", **more):
    """A browser in which the password was right."""
    client = Client()
    told = {"username": user, "password": make.PASSWORD, **more}
    assert client.post("/login/", told).status_code == 200
    return client
