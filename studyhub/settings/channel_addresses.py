"""Where the outside platforms answer: the real addresses in ``live``, our sandbox in ``sandbox``.

Each adapter names its variable and its real address itself (``ports.Base``).
"""

import environ

from studyhub.channels import registry


def channel_bases(env: environ.Env, *, mode: str, sandbox_root: str) -> dict[str, str]:
    """Base address per variable name; the sandbox serves a platform below its own path."""
    bases = {}
    for base in registry.bases():
        pretended = f"{sandbox_root}{base.sandbox}" if base.sandbox else ""
        default = base.live if mode == "live" else pretended
        bases[base.variable] = env.str(base.variable, default=default).rstrip("/")
    return bases
