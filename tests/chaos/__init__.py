"""``make chaos``: many lessons to many platforms while everything that can break breaks.

A PostgreSQL and a Redis of its own, the sandbox behind a socket, real workers. Answers are lost
after the platform has done what was asked; callbacks are lost, come three times or late; workers
are killed at every named place, killed from outside, and frozen for longer than their lease; the
broker forgets everything; the database restarts; a backup is restored in the middle. Seeded. At the
end every lesson stands on every platform exactly once, or a person is told why not.
"""
