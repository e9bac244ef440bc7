"""What a page on which many rows are chosen sends again: its ticks, and what it carries along."""

import re


def ticked(page: str) -> set[str]:
    return set(re.findall(r'value="(\d+)" checked', page))


def carried(page: str) -> str:
    return re.search(r'name="carried" value="([\d ]*)"', page)[1]
