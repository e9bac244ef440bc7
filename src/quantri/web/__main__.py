"""Django's commands: `python3 run.py manage …`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
try:
    execute_from_command_line(["manage", *sys.argv[1:]])
except ImproperlyConfigured as fault:
    sys.exit(f"Quantri cannot start: {fault}")
