"""A plan that is carried out, as the tests of tasks have it."""

from carrying import lead, part, period, photo, task  # noqa: F401 - fixtures
