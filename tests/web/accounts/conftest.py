"""Each test begins with nothing counted in memory."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
