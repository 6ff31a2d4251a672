"""One hint for all that come at once; a broker that is away holds up one thread and not for long."""

import threading

from kombu.exceptions import OperationalError

from studyhub.core.hints import JoinedHints


def test_each_that_comes_alone_is_given():
    given = []
    hints = JoinedHints(lambda: given.append(1))
    hints.give()
    hints.give()
    assert len(given) == 2


def test_what_comes_while_one_is_being_given_is_given_once_more_and_waits_for_nobody():
    begun, may_end, given = threading.Event(), threading.Event(), []

    def give():
        given.append(1)
        begun.set()
        assert may_end.wait(20)

    hints = JoinedHints(give)
    first = threading.Thread(target=hints.give)
    first.start()
    assert begun.wait(20)
    for _ in range(50):
        hints.give()  # returns although the broker does not
    assert len(given) == 1
    may_end.set()
    first.join(20)
    assert len(given) == 2


def test_a_broker_that_is_away_is_not_asked_at_every_call(caplog):
    asked = []

    def give():
        asked.append(1)
        raise OperationalError("away")

    hints = JoinedHints(give, pause=3600)
    for _ in range(50):
        hints.give()
    assert (len(asked), caplog.text.count("No broker")) == (1, 1)


def test_a_broker_that_came_back_is_asked_again():
    asked, away = [], [True]

    def give():
        asked.append(1)
        if away[0]:
            raise OperationalError("away")

    hints = JoinedHints(give, pause=0)
    for away[0] in (True, False, False):
        hints.give()
    assert len(asked) == 3
