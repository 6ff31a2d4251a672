import json

import pytest
from django.test import Client


class ApiClient:
    """The API as a page uses it: session cookie, CSRF header, JSON in and out."""

    def __init__(self, user=None, **headers):
        self.client = Client(enforce_csrf_checks=True)
        self.signed_in = user is not None
        self.headers = headers
        if user is not None:
            self.client.force_login(user)

    def get(self, path, **headers):
        return self.client.get(f"/api/v1{path}", headers=self.headers | headers)

    def send(self, method, path, body=None, *, raw=None, **headers):
        if self.signed_in and "X-CSRFToken" not in self.headers:
            self.client.get("/api/v1/me")
            self.headers["X-CSRFToken"] = self.client.cookies["csrftoken"].value
        content = raw if raw is not None else json.dumps(body)
        return self.client.generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers=self.headers | headers,
        )

    def post(self, path, body=None, **kwargs):
        return self.send("POST", path, body, **kwargs)


@pytest.fixture
def api():
    return ApiClient
