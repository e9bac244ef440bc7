"""Make an account: the first person of a configured site comes in by this command."""

import getpass

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quantri.errors import QuantriError
from quantri.web.accounts.actions import add_member, ensure_agency
from quantri.web.accounts.models import Role, User
from quantri.web.core.audit import System
from quantri.web.places.loading import find_province


class Command(BaseCommand):
    """`manage add_member NAME --province P --agency A --role coordinator`."""

    help = "Make an account with one role in an agency; asks for the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--province", required=True, help="code or name of a province of today")
        parser.add_argument("--agency", required=True, help="Vietnamese name; made if it is new")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--full-name", default="")

    def handle(self, **options: str) -> None:
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"the account {options['username']} exists already; choose another name")
        try:
            province = find_province(options["province"], timezone.localdate())
        except QuantriError as fault:
            raise CommandError(str(fault)) from None
        password = getpass.getpass("Password (12 characters or more): ")
        if len(password) < 12:
            raise CommandError("the password is shorter than 12 characters; nothing was made")
        system = System("manage add_member")
        agency = ensure_agency(province, options["agency"], by=system)
        add_member(
            agency, Role(options["role"]), username=options["username"], password=password,
            full_name=options["full_name"], by=system,
        )  # fmt: skip
        self.stdout.write(f"{options['username']} is {options['role']} of {agency}")
