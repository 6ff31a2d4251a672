#!/usr/bin/env python
import sys

from studyhub.core.environment import select_settings

if __name__ == "__main__":
    select_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
