"""One hint for all that come at once, and nobody who gives one waits for a broker."""

import threading

from kombu.exceptions import OperationalError

from studyhub.core.hints import JoinedHints


def at_once(work):
    work()


def test_each_that_comes_alone_is_given():
    given = []
    hints = JoinedHints(lambda: given.append(1), start=at_once)
    hints.give()
    hints.give()
    assert len(given) == 2


def test_what_comes_while_one_is_being_given_is_given_once_more_and_waits_for_nobody():
    begun, may_end, given, threads = threading.Event(), threading.Event(), [], []

    def give():
        given.append(1)
        begun.set()
        assert may_end.wait(20)

    def start(work):
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    hints = JoinedHints(give, start=start)
    hints.give()
    assert begun.wait(20)
    for _ in range(50):
        hints.give()  # returns although the broker does not
    assert len(given) == 1
    may_end.set()
    threads[0].join(20)
    assert (len(given), len(threads)) == (2, 1)


def test_a_broker_that_is_away_is_not_asked_at_every_call(caplog):
    asked = []

    def give():
        asked.append(1)
        raise OperationalError("away")

    hints = JoinedHints(give, pause=3600, start=at_once)
    for _ in range(50):
        hints.give()
    assert (len(asked), caplog.text.count("No broker")) == (1, 1)


def test_a_broker_that_came_back_is_asked_again():
    asked, away = [], [True]

    def give():
        asked.append(1)
        if away[0]:
            raise OperationalError("away")

    hints = JoinedHints(give, pause=0, start=at_once)
    for away[0] in (True, False, False):
        hints.give()
    assert len(asked) == 3
