"""The audit trail, forms that were sent once, what failed too often, jobs, kept files, letters and regular work."""

from quantri.web.core.models.jobs import Job, JobQuerySet
from quantri.web.core.models.kept import KeptFile, KeptFileQuerySet
from quantri.web.core.models.outbox import Message, MessageQuerySet
from quantri.web.core.models.sending import FailedAttempts, SentForm
from quantri.web.core.models.timer import Tick
from quantri.web.core.models.trail import AuditEntry, AuditHead

__all__ = [
    "AuditEntry", "AuditHead", "FailedAttempts", "Job", "JobQuerySet", "KeptFile", "KeptFileQuerySet", "Message",
    "MessageQuerySet", "SentForm", "Tick",
]  # fmt: skip
