"""`{{ row.made_by|actor }}`: who did something, the system in the reader's language."""

from django import template
from django.template.defaultfilters import stringfilter

from quantri.web.core.actor_words import actor_of

register = template.Library()
register.filter("actor", stringfilter(actor_of))
