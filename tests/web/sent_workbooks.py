"""Workbooks that go out from a page, are changed in their cells, and come back."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook, load_workbook


def opened(answer: HttpResponse) -> Workbook:
    return load_workbook(io.BytesIO(answer.content))


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought(client: Client, url: str, book: Workbook | bytes) -> HttpResponse:
    content = book if isinstance(book, bytes) else packed(book)
    return client.post(url, {"file": SimpleUploadedFile("tro-lai.xlsx", content)})


def confirmed(client: Client, url: str, answer: HttpResponse, **choices: str) -> HttpResponse:
    """Send what the preview sealed, with the key of its form."""
    text = answer.content.decode()
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("sealed", "form_key")}
    return client.post(f"{url}confirm/", fields | choices)


def column(book: Workbook, heading: str) -> str:
    """Letter of the column with a heading."""
    return next(cell.column_letter for cell in book.active[1] if cell.value == heading)
