"""A plan that is carried out."""

from carrying import lead, part, period, photo, task  # noqa: F401 - fixtures
