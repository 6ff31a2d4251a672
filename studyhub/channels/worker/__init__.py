"""The worker's half: takes a delivery, carries it as far as it goes now, writes down how it stands.

``run`` is the way in. ``lease`` says who may write; ``attempts`` writes each call down before it is
made; ``prepare``, ``submit``, ``poll`` and ``wishes`` are the steps; ``outcomes`` says what an
error means, ``backoff`` how long to wait. What people ask for is in ``channels.requests``.
"""
