"""Office files whose bytes depend on their content only."""

import io
import re
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EARLIEST = date(1980, 1, 1)  # what a zip archive can hold


def moment(iso: str | None) -> datetime:
    """Noon of an ISO date; the first day of 1980 where there is none."""
    try:
        day = max(date.fromisoformat(iso or ""), _EARLIEST)
    except ValueError:
        day = _EARLIEST
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  office files take a time without zone


def repack(archive: bytes, at: datetime) -> bytes:
    """Write the same parts again, each dated alike, with the date of change in the core properties."""
    stamp = escape(at.strftime("%Y-%m-%dT%H:%M:%SZ")).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, data)
    return packed.getvalue()
