"""What the tags of the templates of official documents stand for."""

from typing import Any

from quantri.web.reports.official.contents import Annex, Block, Decision, Document, Letter, Minutes, Report
from quantri.web.reports.official.kinds import Kind
from quantri.web.reports.rendering.wording import DOTS

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def tags_of(document: Document, kind: Kind) -> dict[str, Any]:
    """Give every tag its text; what a kind does not have is empty."""
    issuer = document.issuer
    addressees = document.addressees if isinstance(document, Letter) else ()
    bases = document.legal_bases if isinstance(document, Report | Decision | Minutes) else ()
    return {
        "parent": issuer.parent.upper(),
        "issuer": [line.upper() for line in issuer.name],
        "symbol": symbol(document, kind),
        "place_and_date": f"{issuer.place}, {_date(document)}",
        "mark": "DỰ THẢO",
        "watermark": "DỰ THẢO",
        "demonstration_mark": "BẢN TRÌNH DIỄN" if document.is_demonstration else "",
        "subject": document.subject,
        "legal_bases": _ended(bases, last="."),
        "authority": document.authority.upper() if isinstance(document, Decision) else "",
        "addressee": f"{addressees[0].rstrip(' .;')}." if len(addressees) == 1 else "",
        "addressees": _ended(addressees, last=".") if len(addressees) > 1 else [],
        "address": issuer.address,
        "body": _body(document.body),
        "signer": [line.upper() for line in document.signer],
        "other_signer": [line.upper() for line in document.other_signer] if isinstance(document, Minutes) else [],
        "recipients": _recipients(document, bool(addressees)),
        "annexes": [_annex(annex, i, len(document.annexes)) for i, annex in enumerate(document.annexes)],
        "annexed_to": _annexed_to(document, kind),
    }


def symbol(document: Document, kind: Kind) -> str:
    """Leave room for the number: …/BC-UBND; of a letter …/SNV-CCHC."""
    parts = (
        [kind.abbreviation, document.issuer.code] if kind.abbreviation else [document.issuer.code, document.issuer.unit]
    )
    return f"{DOTS}/{'-'.join(part for part in parts if part)}"


def _date(document: Document) -> str:
    return f"ngày {DOTS} tháng {DOTS} năm {document.year}"


def _ended(texts: tuple[str, ...], *, last: str) -> list[str]:
    """End each line with a semicolon and the last one as the decree asks."""
    told = [text.rstrip(" ;.,") for text in texts]
    return [f"{text}{last if i == len(told) else ';'}" for i, text in enumerate(told, start=1)]


def _recipients(document: Document, is_letter: bool) -> list[str]:
    told = (*(("Như trên",) if is_letter else ()), *document.recipients)
    kept = f"Lưu: VT, {document.issuer.unit}." if document.issuer.unit else "Lưu: VT."
    return [*(f"{text.rstrip(' ;.,')};" for text in told), kept]


def _body(blocks: tuple[Block, ...]) -> list[dict[str, str]]:
    """Write headings in capitals, and end the text with the sign that nothing follows."""
    found = [
        {"kind": b.kind, "label": b.label, "text": b.text.upper() if b.kind == "heading" else b.text} for b in blocks
    ]
    if found and found[-1]["kind"] in ("text", "article"):
        found[-1]["text"] = f"{found[-1]['text'].rstrip(' ./;')}./."
        if found[-1]["kind"] == "text":
            found[-1]["kind"] = "closing"
    return found


def _annex(annex: Annex, place: int, n: int) -> dict[str, Any]:
    return {
        "label": f"Phụ lục {roman(place + 1)}" if n > 1 else "Phụ lục",
        "title": annex.title.upper(),
        "columns": [{"title": column.title} for column in annex.columns],
        "rows": [list(row) for row in annex.rows],
        "note": annex.note,
    }


def _annexed_to(document: Document, kind: Kind) -> str:
    name = kind.name_vi.capitalize() or "Công văn"
    return f"(Kèm theo {name} số {symbol(document, kind)} {_date(document)} của {document.issuer.full_name})"


def roman(number: int) -> str:
    """Write a number in Roman numerals.

    Examples
    --------
    >>> [roman(n) for n in (1, 4, 9, 14)]
    ['I', 'IV', 'IX', 'XIV']
    """
    found = ""
    for value, letters in _ROMAN:
        while number >= value:
            found, number = found + letters, number - value
    return found
