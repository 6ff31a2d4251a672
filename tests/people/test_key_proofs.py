"""What of a security key's answers holds, on plain values: ours alone, unchanged, for this once."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as any_of

from studyhub.people.key_proofs import (
    LONGEST,
    ForeignSite,
    KeyRefused,
    KeySite,
    ask_for_new,
    ask_for_use,
    check_new,
    check_use,
    credential_of,
)
from tests.people.keys import ADDRESS, HOST, VERIFIED, Key, raw, text

SITE = KeySite(HOST, ADDRESS)
CHALLENGE = bytes(range(32))
ASKED = {"challenge": text(CHALLENGE)}
KEY = Key()


def made(answer, challenge=CHALLENGE, site=SITE):
    return check_new(answer, site=site, challenge=challenge)


def used(answer, key=KEY, challenge=CHALLENGE):
    return check_use(answer, site=SITE, challenge=challenge, public_key=key.public_key())


def changed(answer, part, value):
    told = json.loads(answer)
    told["response"][part] = value
    return json.dumps(told)


def test_a_browser_is_asked_for_no_attestation_and_to_verify_where_it_can():
    asked = ask_for_new(
        SITE, CHALLENGE, account=b"a", login="bianji", name="编辑", known=[KEY.name]
    )
    assert asked["rp"] == {"id": HOST, "name": HOST}
    assert asked["challenge"] == text(CHALLENGE)
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert [key["id"] for key in asked["excludeCredentials"]] == [KEY.name]
    asked = ask_for_use(SITE, CHALLENGE, known=[KEY.name])
    assert (asked["rpId"], asked["userVerification"]) == (HOST, "preferred")
    assert [key["id"] for key in asked["allowCredentials"]] == [KEY.name]


def test_what_a_key_made_for_this_challenge_is_kept():
    new = made(KEY.make(ASKED))
    assert (new.credential_id, new.public_key) == (KEY.name, KEY.public_key())


def test_a_key_signs_with_and_without_having_verified_its_owner():
    key = Key()
    assert used(key.use(ASKED), key) == 1
    assert used(key.use(ASKED, flags=1 | VERIFIED), key) == 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"origin": "https://study.example.org.evil.example"},
        {"origin": "http://study.example.org"},
        {"origin": "https://study.example.org:8443"},
        {"origin": "https://www.study.example.org"},
        {"host": "example.org"},
        {"host": "evil.example"},
    ],
)
def test_an_answer_given_elsewhere_is_told_apart(elsewhere):
    with pytest.raises(ForeignSite):
        made(KEY.make(ASKED, **elsewhere))
    with pytest.raises(ForeignSite):
        used(KEY.use(ASKED, **elsewhere))


def test_an_answer_from_within_another_sites_page_is_foreign():
    told = json.loads(raw(json.loads(KEY.use(ASKED))["response"]["clientDataJSON"]))
    client = text(json.dumps({**told, "crossOrigin": True}).encode())
    with pytest.raises(ForeignSite):
        used(changed(KEY.use(ASKED), "clientDataJSON", client))


@pytest.mark.parametrize("challenge", [bytes(32), b"", CHALLENGE[:-1]])
def test_an_answer_to_another_challenge_does_not_hold(challenge):
    with pytest.raises(KeyRefused):
        made(KEY.make(ASKED), challenge)
    with pytest.raises(KeyRefused):
        used(KEY.use(ASKED), challenge=challenge)


def test_another_keys_signature_does_not_hold():
    with pytest.raises(KeyRefused):
        used(Key().use(ASKED))


def test_nobody_touched_the_key():
    with pytest.raises(KeyRefused):
        used(KEY.use(ASKED, flags=0))


def test_what_was_made_is_no_use_and_what_was_used_made_nothing():
    with pytest.raises(KeyRefused):
        used(KEY.use(ASKED, kind="webauthn.create"))
    with pytest.raises(KeyRefused):
        made(KEY.use(ASKED))
    with pytest.raises(KeyRefused):
        used(KEY.make(ASKED))


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_one_bit_changed_anywhere_and_it_does_not_hold(part):
    answer = KEY.use(ASKED)
    value = bytearray(raw(json.loads(answer)["response"][part]))
    for place in (0, len(value) // 2, len(value) - 1):
        other = bytearray(value)
        other[place] ^= 1
        with pytest.raises(KeyRefused):
            used(changed(answer, part, text(bytes(other))))


ANY_JSON = any_of.recursive(
    any_of.none() | any_of.booleans() | any_of.integers() | any_of.text(max_size=20),
    lambda parts: (
        any_of.lists(parts, max_size=3)
        | any_of.dictionaries(
            any_of.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]),
            parts,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(any_of.text(max_size=60) | ANY_JSON.map(json.dumps))
@example("[" * 9000)
@example("x" * (LONGEST + 1))
@example('{"id": "a", "rawId": "a", "type": "public-key", "response": {}}')
def test_whatever_is_sent_is_answered_by_a_refusal(sent):
    for check in (made, used):
        with pytest.raises(KeyRefused):
            check(sent)
    with suppress(KeyRefused):
        assert isinstance(credential_of(sent), str)


@given(
    any_of.sampled_from(["clientDataJSON", "authenticatorData", "signature", "attestationObject"]),
    any_of.binary(max_size=200),
)
def test_bytes_that_mean_nothing_are_refused(part, value):
    with pytest.raises(KeyRefused):
        used(
            changed(
                KEY.use(ASKED), "signature" if part == "attestationObject" else part, text(value)
            )
        )
    if part in ("clientDataJSON", "attestationObject"):
        with pytest.raises(KeyRefused):
            made(changed(KEY.make(ASKED), part, text(value)))


def test_a_process_that_meets_no_key_does_not_load_the_library():
    asked = "import sys, studyhub.people.key_proofs; print('webauthn' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
