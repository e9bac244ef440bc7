"""The house of the web: layers, migrations, translations, templates and vendored files."""

import ast
import hashlib
import io
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "quantri" / "web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))


def app_heights() -> dict[str, int]:
    """Each app with the height of its layer in the import contract; core is 0."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("id") == "apps")
    return {app.strip(" ()"): h for h, layer in enumerate(reversed(layers)) for app in layer.split("|")}


def test_foreign_keys_point_down_the_layers():
    heights = app_heights()
    upward = [
        f"{model.__name__}.{field.name} points at {target}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        for source, target in [(model._meta.app_label, field.related_model._meta.app_label)]
        if source != target and source in heights and target in heights and heights[target] >= heights[source]
    ]
    assert upward == []


def test_what_pages_show_has_one_rule_of_visibility():
    shown = {
        "AuditEntry", "Message", "Province", "Unit", "BoundarySet", "Release", "Agency", "Membership", "Headship",
        "Invitation", "WorkTransfer", "Plan", "Task", "Programme", "Question", "Finding", "FigureSheet", "Figure",
        "Snapshot", "SurveyRound", "Job",
    }  # fmt: skip
    models = {m.__name__: m for m in apps.get_models()}
    assert [name for name in shown if not hasattr(models[name].objects.none(), "visible_to")] == []


def test_the_portal_has_no_models():
    assert list(apps.get_app_config("portal").get_models()) == []


def test_the_migrations_are_complete(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_commands_and_the_engine_run_where_django_is_not_installed():
    code = (
        "import sys; sys.modules.update(django=None); import pkgutil, importlib, quantri.engine, quantri.cli.main;"
        "[importlib.import_module(m.name) for m in pkgutil.iter_modules(quantri.engine.__path__, 'quantri.engine.')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=ROOT / "src")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_inline_code_and_no_untranslated_attribute(path):
    text = path.read_text("utf-8")
    assert not re.search(r"<style|style=|\son\w+=|hx-on|javascript:|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'aria-label="[A-Za-z]', text)


def test_writes_of_pages_go_through_actions():
    """A view neither saves nor deletes nor creates rows itself."""
    writers = {"save", "delete", "create", "bulk_create", "update_or_create", "get_or_create"}
    found = [
        f"{path.relative_to(WEB)}:{node.lineno} {node.func.attr}"
        for path in [*WEB.rglob("*views.py"), *WEB.rglob("views/*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writers
    ]
    assert found == []


def entries(text: str) -> list[tuple[str, str]]:
    """Msgid (and, for a plural, that form too) with the translation of each entry of a catalogue."""
    joined = re.sub(r'"\n"', "", text)
    pattern = r'^msgid "(.*)"\n(?:msgid_plural "(.*)"\n)?msgstr(?:\[0\])? "(.*)"$'
    return [(plural or single, translated) for single, plural, translated in re.findall(pattern, joined, re.M)]


def test_the_vietnamese_interface_is_complete():
    text = (WEB / "locale/vi/LC_MESSAGES/django.po").read_text("utf-8")
    assert "fuzzy" not in text
    found = dict(entries(text))
    assert len(found) > 500 and [k for k, v in found.items() if k and not v] == []
    for source, translated in found.items():
        if source:
            names = re.compile(r"%\((\w+)\)s")
            assert set(names.findall(translated)) <= set(names.findall(source)), source


QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALLED = re.compile(rf"pgettext\({QUOTED}, *{QUOTED}|(?<!p)gettext\({QUOTED}")
TEXT_AT = {  # of the functions that translate, where their texts stand
    "_": (0,), "gettext_lazy": (0,), "ngettext": (0, 1), "pgettext": (1,), "pgettext_lazy": (1,), "npgettext": (1, 2),
}  # fmt: skip


def texts_of_template(source: str) -> Iterator[str]:
    for _context, of_context, text in CALLED.findall(templatize(source)):
        yield ast.literal_eval(of_context or text)


def texts_of_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for place in TEXT_AT.get(getattr(node.func, "id", ""), ()):
                yield from (ast.literal_eval(given) for given in node.args[place : place + 1])


def test_texts_with_a_context_are_found_without_it():
    template = '{% load i18n %}{% translate "What" context "trail" %}{% translate "Who" %}'
    assert list(texts_of_template(template)) == ["What", "Who"]
    assert list(texts_of_code('pgettext("trail", "What"); ngettext("a", "b", n); _("c")')) == ["What", "a", "b", "c"]


def test_every_text_in_the_code_is_in_the_catalogue():
    text = (WEB / "locale/vi/LC_MESSAGES/django.po").read_text("utf-8").replace('"\n"', "")
    catalogue = {k.replace('\\"', '"') for k in re.findall(r'^msgid(?:_plural)? "(.*)"$', text, re.M)}
    found = [text for path in TEMPLATES for text in texts_of_template(path.read_text("utf-8"))]
    found += [text for path in WEB.rglob("*.py") for text in texts_of_code(path.read_text("utf-8"))]
    assert [t for t in found if t and t not in catalogue and t.replace("%", "%%") not in catalogue] == []


def test_the_compiled_catalogue_is_that_of_the_texts():
    import gettext

    with (WEB / "locale/vi/LC_MESSAGES/django.mo").open("rb") as packed:
        compiled = gettext.GNUTranslations(packed)
    text = (WEB / "locale/vi/LC_MESSAGES/django.po").read_text("utf-8").replace('"\n"', "")
    single = re.findall(r'(?:^msgctxt "(.*)"\n)?^msgid "(.+)"\nmsgstr "(.*)"$', text, re.M)
    assert len(single) > 1000 and any(context for context, *_ in single)
    for context, *words in single:
        source, translated = (word.replace('\\"', '"').replace("\\n", "\n") for word in words)
        found = compiled.pgettext(context, source) if context else compiled.gettext(source)
        assert found in (translated, source)


def test_vendored_files_are_those_that_are_listed():
    folder = WEB / "core/static/vendor"
    listed = {
        name: sha for entry in json.loads((folder / "VENDOR.json").read_text()) for name, sha in entry["sha256"].items()
    }
    found = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.suffix not in {".json", ".gz"}
    }
    assert found == listed


def test_nothing_of_the_pages_comes_from_elsewhere():
    texts = [p.read_text("utf-8") for p in (*TEMPLATES, *(WEB / "core/static/core").iterdir())]
    assert [t for t in texts if re.search(r"(src|href)=\"https?://|url\(.?https?://|@import", t)] == []


def test_django_finds_no_fault_in_the_site():
    out = io.StringIO()
    call_command("check", stdout=out)
    assert "no issues" in out.getvalue()
