"""Loaded before everything else: the tests' site has a data folder of its own and is a demonstration."""

import os
import tempfile

os.environ["QUANTRI_DATA_DIR"] = tempfile.mkdtemp(prefix="quantri-tests-")
os.environ.setdefault("QUANTRI_DEMO", "1")
