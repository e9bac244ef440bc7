"""The commands of the site tell what they do in its language, in their help and when the database is away."""

import io

import pytest
from django.core.management import BaseCommand, get_commands, load_command_class
from django.db import OperationalError

from quantri.web.core import jobs, timer
from quantri.web.core.management.commands import tick, work
from quantri.words import catalogue

COMMANDS = {name: app for name, app in get_commands().items() if str(app).startswith("quantri.")}


def helps(command: BaseCommand) -> set[str]:
    return {action.help for action in command.create_parser("manage", "x")._actions} - {None}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_a_command_is_in_the_language_of_the_site(name):
    command = load_command_class(COMMANDS[name], name)
    own = {command.help} | (helps(command) - helps(BaseCommand()))
    assert [text for text in own if text not in catalogue("vi").values()] == []


@pytest.mark.parametrize(
    ("module", "at", "said"),
    [
        (tick, (timer, "tick"), "bộ hẹn giờ: the database is away"),
        (work, (jobs, "fail_lost"), "tiến trình làm việc nền: the database is away"),
    ],
)
def test_a_database_that_is_away_is_told(db, monkeypatch, module, at, said):
    def away() -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(*at, away)
    monkeypatch.setattr(f"{module.__name__}.connection.close", lambda: None)
    told = io.StringIO()
    command = module.Command(stderr=told, no_color=True)
    command._pass() if module is tick else command._work()
    assert told.getvalue().strip() == said
