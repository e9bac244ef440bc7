"""The events from which limits of the law run, in words; rules name them by key."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "board.recognised": _("the board was recognised"), "breach.detected": _("the breach was detected"),
    "broadcast.first": _("first broadcast"), "case.ended": _("the case ended"),
    "claim.received": _("the claim was received"), "complaint.accepted": _("the complaint was accepted"),
    "complaint.accepted_again": _("the second complaint was accepted"),
    "complaint.known": _("the decision or act became known"), "complaint.received": _("the complaint was received"),
    "decision.made": _("the decision or document was made"),
    "denunciation.accepted": _("the denunciation was accepted"),
    "denunciation.received": _("the denunciation was received"), "draft.published": _("the draft was published"),
    "error.found": _("the error was found"), "feedback.received": _("the feedback was received"),
    "information.made": _("the information was made"), "inspection.held": _("the inspection takes place"),
    "meeting.ended": _("the meeting ended"), "meeting.held": _("the meeting takes place"),
    "outage.starts": _("the outage begins"), "posting.up": _("it was posted up"),
    "processing.started": _("the processing began"), "reception.grounds": _("the grounds were established"),
    "reception.received": _("the person was received"), "recommendation.received": _("the recommendation was received"),
    "request.received": _("the request was received"), "result.received": _("the result was received"),
    "supervision.starts": _("the supervision begins"), "transfer.first": _("the first transfer"),
    "work_year.ended": _("the working year ended"),
}  # fmt: skip


def event_in_words(key: str) -> str:
    """Say an event; a province's own rule may name one that has no words here."""
    return str(EVENTS.get(key, key))
