"""Two people at one plan: who began from what is no longer there is told, and overwrites nothing unseen."""

from django.utils.translation import gettext as _

from quantri.errors import RuleViolation


class ChangedMeanwhile(RuleViolation):
    """Somebody saved another value after this person began to type."""

    def __init__(self) -> None:
        super().__init__(_("Somebody saved another value meanwhile. Look at both, and save again what is to stay."))
