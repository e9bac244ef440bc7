"""Choosing many rows of a long list by a plain form: ticks stay while one searches, turns pages or takes a group."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

from quantri.text import fold

CARRIED = "carried"  # the hidden field of rows that are chosen and not shown
FOUND = "found"  # in place of a group: all that the search has found
STEPS = ("find", "page", "all", "none", "back")  # buttons after which one goes on choosing


@dataclass(frozen=True, kw_only=True)
class Item:
    """A row to choose, and the group that is taken in one touch."""

    key: int
    name: str
    sought: str = ""  # further words by which it is found
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Group:
    """A group of rows by its name, and how many there are."""

    code: str
    name: str
    n: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is chosen so far, and the page of the list that is shown."""

    field: str
    sought: str
    page: Page
    chosen: Sequence[Item]
    groups: Sequence[Group]
    of_chosen: Sequence[Group]

    @cached_property
    def keys(self) -> frozenset[int]:
        return frozenset(item.key for item in self.chosen)

    @cached_property
    def elsewhere(self) -> list[Item]:
        """Rows that are chosen and not shown."""
        shown = {item.key for item in self.page}
        return [item for item in self.chosen if item.key not in shown]

    @property
    def carried(self) -> str:
        return _joined(self.elsewhere)

    @property
    def whole(self) -> str:
        """All that is chosen, for a page that shows no list."""
        return _joined(self.chosen)


def goes_on(request: HttpRequest) -> bool:
    """Say whether somebody searched, turned a page or took a group, and is not done with choosing."""
    return any(step in request.POST for step in STEPS)


def choice_of(
    request: HttpRequest, items: Sequence[Item], *, field: str, names: Mapping[str, str], a_page: int
) -> Choice:  # fmt: skip
    """Read what was ticked and carried along, add a group that was taken; what is not in the list is left out."""
    typed, sought = request.POST, request.POST.get("q", "")[:100]
    key = fold(sought)
    found = [item for item in items if key in fold(f"{item.name} {item.sought}")] if key else items
    asked = typed.get("all", "")
    taken = found if asked == FOUND else [item for item in items if asked and item.group == asked]
    keys = _keys([*typed.getlist(field), *typed.get(CARRIED, "").split()]) | {item.key for item in taken}
    chosen = [] if "none" in typed else [item for item in items if item.key in keys]
    page = Paginator(found, a_page).get_page(typed.get("page") or request.GET.get("page"))
    return Choice(field=field, sought=sought, page=page, chosen=chosen, groups=groups_of(items, names),
                  of_chosen=groups_of(chosen, names))  # fmt: skip


def with_chosen(typed: QueryDict, choice: Choice) -> QueryDict:
    """Add what is carried along to what is ticked, for the form that judges both."""
    whole = typed.copy()
    whole.setlist(choice.field, [*typed.getlist(choice.field), *choice.whole.split()])
    return whole


def _keys(typed: Iterable[str]) -> set[int]:
    return {int(key) for key in typed if key.isascii() and key.isdigit() and len(key) < 18}


def _joined(items: Iterable[Item]) -> str:
    return " ".join(str(item.key) for item in items)


def groups_of(items: Iterable[Item], names: Mapping[str, str]) -> list[Group]:
    """Count the groups that have rows, in the order of their names' mapping."""
    counted = Counter(item.group for item in items)
    return [Group(code, name, counted[code]) for code, name in names.items() if counted[code]]
