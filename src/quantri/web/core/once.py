"""A form that is sent twice acts once: the second submit changes nothing and leads where the first one led."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from quantri.web.core.models import SentForm

View = Callable[..., HttpResponse]
FIELD = "form_key"


def once(view: View) -> View:
    """Let a form that `{% form_key %}` marks act once; the key is kept in the transaction of what it did.

    A form that was refused, and so shown again, is not used up. A client that sends no key acts each time.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or not request.POST.get(FIELD):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            sent, is_new = _claimed(_key(request))
            if not is_new:
                messages.info(request, _("This was sent before; nothing was done a second time."))
                return redirect(sent.led_to)
            response = view(request, *args, **kwargs)
            if response.status_code == HTTPStatus.FOUND:
                sent.led_to = response["Location"]
                sent.save(update_fields=["led_to"])
            else:
                transaction.set_rollback(True)
        return response

    return guarded


def _claimed(key: str) -> tuple[SentForm, bool]:
    """Take the key, or wait for the submit that holds it and return what came of that one."""
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key), True
    except IntegrityError:
        return SentForm.objects.get(key=key), False


def _key(request: HttpRequest) -> str:
    """Tell submits apart by person, page, key and what was typed: going back and typing something else is a new act."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    parts = [str(request.user.pk), request.path_info, typed]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
