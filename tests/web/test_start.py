"""What a web process has in memory once it is ready, before anybody comes."""

import os
import subprocess
import sys

# Each is imported by the function that uses it: files of an office, print, articles, keys.
RARE = (
    "openpyxl",
    "xlrd",
    "mammoth",
    "segno",
    "typst",
    "css_inline",
    "nh3",
    "httpx",
    "webauthn",
    "rjieba",
    "pypinyin",
    "faker",
    "factory",
)
READY = """
import sys
import studyhub.wsgi
from django.urls import reverse
reverse("lead")
print("LOADED", *(name for name in %r if name in sys.modules))
"""


def test_a_web_process_loads_no_library_that_few_requests_need(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READY % (RARE,)],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "studyhub.settings.dev", "STUDYHUB_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["LOADED"]
