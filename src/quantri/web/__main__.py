"""Django's commands: `python3 run.py manage …`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
execute_from_command_line(["manage", *sys.argv[1:]])
