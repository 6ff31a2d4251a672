"""No address that somebody types leads inside the house."""

import socket

import pytest

from studyhub.webhooks.destinations import NotAllowed, checked, reach

NOBODY = frozenset()
INSIDE = [
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://10.0.0.1/",
    "https://172.16.3.4/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://localhost/",
]


@pytest.mark.parametrize("url", INSIDE)
def test_what_is_inside_is_refused_before_anything_is_sent(url):
    with pytest.raises((NotAllowed, OSError)):
        reach(checked(url, NOBODY), NOBODY)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "oa.example.org",
        "ftp://oa.example.org/",
        "file:///etc/passwd",
        "gopher://oa.example.org/",
        "http://oa.example.org/",
        "https://oa.example.org:8443/",
        "https://oa.example.org:0/",
        "https://oa.example.org:99999/",
        "https://user:pass@oa.example.org/",
        "https://oa.example.org\\@127.0.0.1/",
        "https://oa.example.org/a b",
        "https://[::1",
        "https://",
    ],
)
def test_what_is_no_address_of_the_internet_is_refused_in_chinese(url):
    with pytest.raises(NotAllowed) as refused:
        checked(url, NOBODY)
    assert refused.value.detail.endswith("。")


def test_a_name_with_one_address_inside_is_inside(monkeypatch):
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
    with pytest.raises(NotAllowed):
        reach(checked("https://two.example.org/", NOBODY), NOBODY)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found[:1])
    assert reach(checked("https://one.example.org/", NOBODY), NOBODY) == "93.184.216.34"


def test_a_host_that_the_operator_named_may_be_inside():
    named = frozenset({"127.0.0.1"})
    assert reach(checked("http://127.0.0.1:8080/hook", named), named) == "127.0.0.1"
