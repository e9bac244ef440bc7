"""What each kind of official document holds; plain texts, frozen, and nothing that is looked up later."""

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "clause", "article", "text"]


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Who the document is of: `name` as printed at the top left, `full_name` as said in a sentence."""

    name: tuple[str, ...]
    full_name: str
    code: str  # in the symbol: UBND, SNV
    place: str
    parent: str = ""
    unit: str = ""  # drafting unit in the symbol of a letter, and after "Lưu: VT"
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph of the body: a heading "I. …", a clause "1. …", an article "Điều 1. …", or text."""

    text: str
    kind: BlockKind = "text"
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of an annex; `width` is its share beside the others."""

    title: str
    width: int = 1
    is_centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A table behind the document (phụ lục)."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """What every kind has."""

    issuer: Issuer
    subject: str
    year: int
    made_on: str
    body: tuple[Block, ...]
    signer: tuple[str, ...]  # authority and title, line by line; never a name: the records office adds it
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    is_demonstration: bool = False


@dataclass(frozen=True, kw_only=True)
class Report(Document):
    """Báo cáo."""

    legal_bases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter(Document):
    """Công văn: without the name of a type, to one addressee or several."""

    addressees: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Decision(Document):
    """Quyết định: the authority that decides, on what legal bases."""

    authority: str
    legal_bases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Minutes(Document):
    """Biên bản: signed by both sides."""

    other_signer: tuple[str, ...]
    legal_bases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice(Document):
    """Thông báo."""


CONTENTS: dict[str, type[Document]] = {
    "bao-cao": Report,
    "cong-van": Letter,
    "quyet-dinh": Decision,
    "bien-ban": Minutes,
    "thong-bao": Notice,
}
