"""What the command line may hold, in the user's language; what it holds wrongly is one line and exit code 2."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from quantri.text import nfc, one_line
from quantri.words import say, usage

Commands = Callable[[str, str], "Parser"]


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and helps in the user's language."""

    def __init__(self, *, language: str, **options: object) -> None:
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        self.language = language
        self._positionals.title = say("what to give", language)
        self._optionals.title = say("options", language)
        self.option("-h", "--help", action="help", help=say("show this help and end", language))

    def option(self, *names: str, **choices: object) -> None:
        """Add an argument."""
        self.add_argument(*names, **choices)  # type: ignore[arg-type]

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Leave nothing unknown to the parser above, so that each command names its own help."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Say it in one line."""
        facts = {"command": self.prog, "fault": usage(message, self.language)}
        self.exit(2, one_line(say("{command}: {fault}; see {command} --help", self.language, **facts)) + "\n")

    def format_help(self) -> str:
        """Begin with the user's word for usage."""
        return super().format_help().replace("usage:", say("usage:", self.language), 1)


def parser(language: str, more: Sequence[Callable[[Commands], None]] = ()) -> Parser:
    """Make the parser of all commands, those of `more` included; `command` names the one that was asked for."""
    top = Parser(
        prog="quantri", language=language,
        description=say("Scores, diagnosis and checks of a provincial index.", language),
    )  # fmt: skip
    commands = top.add_subparsers(required=True, metavar=say("COMMAND", language), dest="command")

    def command(name: str, about: str) -> Parser:
        words = say(about, language)
        return commands.add_parser(name, help=words, description=words, language=language)

    _results(command("results", "published scores of an edition"))
    _diagnose(command("diagnose", "where a province stands, and what that suggests"))
    _outlook(command("outlook", "how likely targets are, from what provinces achieved before"))
    check = command("check", "check an index definition")
    check.option("definition", type=Path, metavar="DEFINITION.toml")
    check.set_defaults(format="table")
    for add in more:
        add(command)
    return top


def _results(command: Parser) -> None:
    _add_index(command)
    command.option("--year", type=int, required=True, metavar="Y", help=say("the edition", command.language))
    _add_province(command, required=False)
    command.option("--format", choices=("table", "json", "csv"), default="table")


def _diagnose(command: Parser) -> None:
    _add_index(command)
    command.option("--year", type=int, required=True, metavar="Y", help=say("the edition", command.language))
    _add_province(command, required=True)
    command.option("--format", choices=("table", "json", "csv"), default="table")


def _outlook(command: Parser) -> None:
    language = command.language
    _add_index(command)
    command.option("--base-year", type=int, required=True, metavar="Y", help=say("the edition to start from", language))
    command.option("--year", type=int, required=True, metavar="Z", help=say("the edition of the target", language))
    _add_province(command, required=True)
    command.option(
        "--target", action="append", default=[], metavar="CODE=SPEC",
        help=say("5.40, +0.20, keep, better, group:mid_high, rank:+3 or rank:+5/year; may be repeated", language),
    )  # fmt: skip
    command.option("--hindsight", action="store_true", help=say("learn from all editions, also later ones", language))
    command.option("--format", choices=("table", "json"), default="table")


def _add_index(command: Parser) -> None:
    command.option("--index", default="papi", help=say("code of the index (default: papi)", command.language))


def _add_province(command: Parser, *, required: bool) -> None:
    about = say("code or name, with or without marks", command.language)
    command.option("--province", type=nfc, required=required, metavar="P", help=about)
