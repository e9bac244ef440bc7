"""Fields of forms in the clothes of the site, whatever form they come from."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()
CLASSES = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}


@register.filter
def dressed(field: BoundField) -> SafeString:
    """Draw a field with the class of its kind, unless its form gives it one."""
    widget = field.field.widget
    if widget.attrs.get("class") or isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return field.as_widget()
    kind = getattr(widget, "input_type", "text")
    return field.as_widget(attrs={"class": CLASSES.get(kind, "form-control")})
