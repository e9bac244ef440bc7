"""The hidden field of a form that acts once."""

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quantri.web.core.once import FIELD

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """Give the form a key of its own; a view with `@once` acts a single time for it."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())
