import pytest

from quantri.engine.loading import load_archive
from quantri.engine.results import Archive


@pytest.fixture(scope="session")
def papi() -> Archive:
    return load_archive("papi")
