"""Django's commands: `python3 run.py manage …`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from quantri.words import language_of, say

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
try:
    execute_from_command_line(["manage", *sys.argv[1:]])
except ImproperlyConfigured as fault:
    sys.exit(say("Quantri cannot start: {fault}", language_of(os.environ), fault=fault))
