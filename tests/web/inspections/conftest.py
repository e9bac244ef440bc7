"""A plan in force with an inspection, as the tests of inspections have it."""

from inspecting import (  # noqa: F401 - fixtures
    choice,
    communes,
    draft,
    finding,
    held,
    inspected,
    inspector,
    issued,
    photo,
    place,
    programme,
    question,
    sent,
    visit,
)
