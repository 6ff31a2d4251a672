#!/usr/bin/env python
import sys

from studyhub.core.environment import select_settings

if __name__ == "__main__":
    select_settings()
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:  # for whoever wrote the settings, and does not program
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(problem))
