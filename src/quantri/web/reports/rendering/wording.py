"""Vietnamese words, numbers and dates of the documents, and text that is safe to put into them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any

GROUPS = {"high": "cao nhất", "mid_high": "trung bình cao", "mid_low": "trung bình thấp", "low": "thấp nhất"}
PRIORITIES = {"improve": "ưu tiên cải thiện", "raise": "nâng cao", "hold": "giữ vững và phát huy"}
COMPARISONS = {"yes": "", "doubtful": "so sánh với năm gốc cần thận trọng", "no": "không so sánh được với năm gốc"}
LEVELS = {
    "index": "chỉ số", "dimension": "nội dung", "sub_dimension": "nội dung thành phần", "indicator": "chỉ tiêu",
}  # fmt: skip
PAPI_SOURCE = "PAPI (UNDP, CECODES, RTA và đối tác), papi.org.vn"
STAR = "số đánh dấu * do Quantri cộng từ các thành phần"
MOST_LETTERS = 19_000  # of a list of names: a text of a document has at most 20,000, a cell of Excel 32,767
DOTS = "......"  # room to write by hand
ALPHABET = "abcdđeghiklmnopqrstuvxy"  # điểm a), b), c), d), đ), e), g) …

_SPACES = re.compile(r"[\s\x85\u2028\u2029]+")
_REFUSED = re.compile(  # not allowed in XML, or turning the reading direction around
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]"
)


def plain(text: str) -> str:
    """Compose the letters, drop what no office file may hold, and put one space for any white space."""
    allowed = _REFUSED.sub(lambda found: " " if found[0].isspace() else "", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", allowed).strip()


def cleaned(value: Any) -> Any:
    """Make every text of a JSON value plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    return [cleaned(item) for item in value] if isinstance(value, list) else value


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with a comma: 5,24; a dash where there is none."""
    if value is None:
        return "–"
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)}".replace(".", ",")


def short_number(value: float) -> str:
    """Write a number without needless zeros: 0,25; 10."""
    return f"{value:g}".replace(".", ",")


def day(iso: str | None) -> date | None:
    """Read an ISO date; None where it is none."""
    try:
        return date.fromisoformat(iso or "")
    except ValueError:
        return None


def day_text(iso: str | None) -> str:
    """Write a date as 30/6/2026; other text stays as it is."""
    found = day(iso)
    return f"{found.day}/{found.month}/{found.year}" if found else (iso or "")


def place_and_date(content: dict[str, Any]) -> str:
    """Write the place and the date of issue; blanks to fill in by hand where it is not issued."""
    found = day(content["issued_on"])
    if found is None:
        return f"{content['province']}, {blank_date(content)}"
    month = f"{found.month:02d}" if found.month <= 2 else f"{found.month}"
    return f"{content['province']}, ngày {found.day:02d} tháng {month} năm {found.year}"


def blank_date(content: dict[str, Any]) -> str:
    """Leave dotted room for day and month, as the decree's forms do."""
    return f"ngày {DOTS} tháng {DOTS} năm {content['year']}"


def symbol(content: dict[str, Any]) -> str:
    """Write the number and symbol; a number under 10 gets a leading 0."""
    if not content["number"]:
        return f"{DOTS}/KH-UBND"
    return re.sub(r"^\d(?=/)", r"0\g<0>", content["number"])


def issuer(content: dict[str, Any]) -> str:
    """Name the people's committee of the province."""
    return f"Ủy ban nhân dân {content['province_kind']} {content['province']}"


def is_draft(content: dict[str, Any]) -> bool:
    """Tell whether number or date of issue is still missing."""
    return not (content["number"] and content["issued_on"])


def unknown(content: dict[str, Any]) -> str:
    """Say that something is missing: not yet decided, or not told by the source of a historic plan."""
    return "không nêu trong nguồn" if content["is_historic"] else "chưa xác định"


def listed(names: Iterable[str], missing: str = "") -> str:
    """Join names by commas; of more than a cell holds, as of all agencies of a country, the rest is counted."""
    found = [name for name in names if name]
    ends = accumulate(len(name) + 2 for name in found)
    fitting = sum(end <= MOST_LETTERS for end in ends)
    text = ", ".join(found[:fitting]) or missing
    return text if fitting == len(found) else f"{text} và {len(found) - fitting} tên khác"


def runs(numbers: Iterable[str]) -> str:
    r"""Shorten the numbers of tasks: 1 đến 4, 7, 9a; no line ends within a run (\u00a0 keeps it whole)."""
    found: list[list[str]] = []
    for each in numbers:
        follows = found and each.isdecimal() and found[-1][-1].isdecimal() and int(each) == int(found[-1][-1]) + 1
        found[-1].append(each) if follows else found.append([each])
    return ", ".join(f"{run[0]}\u00a0đến\u00a0{run[-1]}" if len(run) > 2 else ", ".join(run) for run in found)


def source_line(content: dict[str, Any], shown: Iterable[dict[str, Any]]) -> str:
    """Name the source of the scores, and what the star means where one is shown."""
    names = listed(release["source"] or release["name"] for release in content["releases"])
    source = PAPI_SOURCE if content["index"] == "papi" else names or content["index_name"]
    return f"Nguồn: {source}{'; ' + STAR if any(target['derived'] for target in shown) else ''}."


def base_text(target: dict[str, Any]) -> str:
    """Write the base score, with a star where it was added up."""
    return number(target["base"]) + ("*" if target["derived"] and target["base"] is not None else "")


def comparison_text(target: dict[str, Any]) -> str:
    """Say how far target and base can be compared, and why not."""
    words = COMPARISONS.get(target["comparable"], "")
    return f"{words}: {target['reason']}" if words and target["reason"] else words
