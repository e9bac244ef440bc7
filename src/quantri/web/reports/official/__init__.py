"""Official drafts of several kinds, each from its frozen content and one Word template."""

from quantri.web.reports.official.rendering import pdf_of, render

__all__ = ["pdf_of", "render"]
