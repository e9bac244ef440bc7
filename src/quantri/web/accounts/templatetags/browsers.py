"""What a browser says of itself, as a person would name it."""

from django import template

from quantri.text import cut

register = template.Library()
BROWSERS = {  # the first that is found: most call themselves Chrome or Safari besides
    "coc_coc_browser": "Cốc Cốc", "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
    "Linux": "Linux",
}  # fmt: skip


@register.filter
def browser(agent: str) -> str:
    """Name a browser and its system; what is not known is shown as it was sent.

    Examples
    --------
    >>> browser("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36")
    'Chrome, Android'
    """
    found = [next((name for sign, name in known.items() if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or cut(agent, 120)
