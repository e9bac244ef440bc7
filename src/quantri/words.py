"""Sentences of the engine and the commands in the user's language; English is what the code says, the rest is data."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from quantri.errors import QuantriError
from quantri.said import Said

LANGUAGES = ("vi", "en")
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts


def language_of(environment: Mapping[str, str]) -> str:
    """Choose the language: QUANTRI_LANGUAGE, else that of the locale, else Vietnamese.

    Examples
    --------
    >>> language_of({"LANG": "vi_VN.UTF-8"}), language_of({"LANG": "C.UTF-8"}), language_of({})
    ('vi', 'en', 'vi')
    >>> language_of({"QUANTRI_LANGUAGE": "en", "LANG": "vi_VN.UTF-8"})
    'en'
    """
    chosen = environment.get("QUANTRI_LANGUAGE", "")
    if chosen in LANGUAGES:
        return chosen
    locale = next((environment[name] for name in LOCALES if environment.get(name)), "vi")
    return "vi" if locale.lower().startswith("vi") else "en"


def say(template: str, language: str, /, **fields: object) -> str:
    """Fill a template in a language; in English where the language has no words for it.

    Examples
    --------
    >>> say("{n} components, no fault found", "vi", n=37)
    '37 thành phần, không thấy lỗi'
    >>> say("no such template {n}", "vi", n=1.5)
    'no such template 1,5'
    """
    words = catalogue(language).get(template, template)
    return words.format(**{name: _as_written(value, language) for name, value in fields.items()}) if fields else words


def said(fault: QuantriError, language: str) -> str:
    """Say a fault in a language, with the faults inside it.

    Examples
    --------
    >>> inner = QuantriError("{code}: defined twice; give each component its own code", code="D1")
    >>> said(QuantriError("{file}: {fault}", file="a.toml", fault=inner), "vi")
    'a.toml: D1: được khai hai lần; hãy đặt cho mỗi thành phần một mã riêng'
    """
    if len(fault.faults) > 1:
        return "\n".join(said(single, language) for single in fault.faults)
    return say(fault.template, language, **fault.fields)


def told(text: str, language: str) -> str:
    """Say a text in a language: one that keeps its template, or a template without fields; any other as it stands.

    Examples
    --------
    >>> told(Said("{n} components, no fault found", n=37), "vi"), told("An Giang", "vi")
    ('37 thành phần, không thấy lỗi', 'An Giang')
    """
    return say(text.template, language, **text.fields) if isinstance(text, Said) else say(text, language)


def usage(message: str, language: str) -> str:
    """Say what Python's own reader of arguments found, as far as the language has words for it.

    Examples
    --------
    >>> usage("argument --year: invalid int value: 'x'", "vi")
    "--year: 'x' không phải số nguyên"
    """
    for pattern, words in _patterns(language):
        found = pattern.fullmatch(message)
        if found:
            fields = found.groupdict()
            if "message" in fields:
                fields["message"] = usage(fields["message"], language)
            return words.format(**fields)
    return message


def number(text: str, language: str) -> str:
    """Write the digits of a number with the language's decimal sign.

    Examples
    --------
    >>> number("5.240", "vi"), number("5.240", "en")
    ('5,240', '5.240')
    """
    return text.replace(".", ",") if language == "vi" else text


def catalogue(language: str) -> Mapping[str, str]:
    """Templates of a language by the English one; empty for English."""
    return {entry["en"]: entry["vi"] for entry in _file()["words"]} if language == "vi" else {}


def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(e["pattern"]), e["vi"]) for e in _file()["usage"]] if language == "vi" else []


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.vi.toml").read_text(encoding="utf-8"))


class _Comma(float):
    """A number that is written with a decimal comma."""

    def __format__(self, form: str) -> str:
        return float.__format__(self, form).replace(".", ",")


def _as_written(value: object, language: str) -> object:
    if isinstance(value, QuantriError):
        return said(value, language)
    if isinstance(value, Said):
        return told(value, language)
    return _Comma(value) if isinstance(value, float) and language == "vi" else value
