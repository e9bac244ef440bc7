"""People of the tests, by role."""

from django.test import Client

from quantri.web.accounts.actions import add_member
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core.audit import System

SYSTEM = System("tests")


def make_user(agency: Agency, role: Role, username: str) -> User:
    return add_member(agency, role, username=username, password="p" * 12, full_name=username, by=SYSTEM).user


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
