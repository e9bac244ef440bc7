"""A plan that is carried out, as the tests of tasks have it, and one that is inspected."""

from carrying import lead, part, period, photo, task  # noqa: F401 - fixtures
from inspecting import (  # noqa: F401 - fixtures
    choice,
    communes,
    draft,
    finding,
    held,
    inspected,
    inspector,
    issued,
    place,
    programme,
    question,
    sent,
    visit,
)
