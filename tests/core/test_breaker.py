"""What has just failed is left alone for a while, then tried by one caller."""

import pytest

from studyhub.core.breaker import Breaker

PAUSE = 30


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(PAUSE, clock)


def test_everybody_asks_what_works(breaker):
    assert breaker.lets_through()
    assert breaker.lets_through()


def test_nobody_asks_what_has_just_failed(breaker, clock):
    breaker.fail()
    clock.now += PAUSE - 1
    assert not breaker.lets_through()


def test_after_the_pause_one_tries_for_all(breaker, clock):
    breaker.fail()
    clock.now += PAUSE
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]


def test_a_success_opens_it_for_all(breaker, clock):
    breaker.fail()
    clock.now += PAUSE
    assert breaker.lets_through()
    breaker.succeed()
    assert [breaker.lets_through() for _ in range(2)] == [True, True]


def test_a_try_that_fails_starts_the_pause_again(breaker, clock):
    breaker.fail()
    clock.now += PAUSE
    assert breaker.lets_through()
    breaker.fail()
    clock.now += PAUSE - 1
    assert not breaker.lets_through()
