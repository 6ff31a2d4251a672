"""A worker whose processes die at a place of their own: ``celery -A tests.chaos.worker worker``."""

import os
import random

from celery import signals

from studyhub.celery import app
from studyhub.channels.worker import crashpoints

__all__ = ["app"]


class Noted:
    """The operating system as a crash point sees it: who dies, says where first."""

    environ, getpid = os.environ, staticmethod(os.getpid)

    @staticmethod
    def kill(pid, number):
        with open(os.environ["CHAOS_DEATHS"], "a") as deaths:
            deaths.write(os.environ["STUDYHUB_CRASHPOINT"] + "\n")
        os.kill(pid, number)


crashpoints.os = Noted


@signals.worker_process_init.connect(weak=False)
def choose_an_end(**_):
    """Two of three die at the first visit to some place; by the seed and their own number."""
    dice = random.Random(f"{os.environ['CHAOS_SEED']} {os.getpid()}")
    if dice.random() < 2 / 3:
        os.environ["STUDYHUB_CRASHPOINT"] = dice.choice(crashpoints.POINTS)
