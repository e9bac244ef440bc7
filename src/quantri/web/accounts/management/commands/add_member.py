"""Make an account: the first person of a configured site comes in by this command."""

import getpass

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from quantri.errors import QuantriError
from quantri.said import Said
from quantri.web.accounts.actions import add_member, ensure_agency
from quantri.web.accounts.models import Role, User
from quantri.web.core.audit import System
from quantri.web.core.commands import SiteCommand
from quantri.web.places.loading import find_province
from quantri.words import said, say


class Command(SiteCommand):
    """`manage add_member NAME --province P --agency A --role coordinator`."""

    help = Said("Make an account with one role in an agency; asks for the password.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--province", required=True, help=say("code or name of a province of today", settings.LANGUAGE_CODE)
        )
        parser.add_argument(
            "--agency", required=True, help=say("Vietnamese name; made if it is new", settings.LANGUAGE_CODE)
        )
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--full-name", default="")

    def handle(self, **options: str) -> None:
        language, name = settings.LANGUAGE_CODE, options["username"]
        if User.objects.filter(username=name).exists():
            raise CommandError(say("the account {name} exists already; choose another name", language, name=name))
        try:
            province = find_province(options["province"], timezone.localdate())
        except QuantriError as fault:
            raise CommandError(said(fault, language)) from None
        password = getpass.getpass(say("Password (12 characters or more): ", language))
        if len(password) < 12:
            raise CommandError(say("the password is shorter than 12 characters; nothing was made", language))
        system, role = System("manage add_member"), Role(options["role"])
        agency = ensure_agency(province, options["agency"], by=system)
        add_member(agency, role, username=name, password=password, full_name=options["full_name"], by=system)
        self.stdout.write(say("{name} is {role} of {agency}", language, name=name, role=role.label, agency=agency))
