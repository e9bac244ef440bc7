"""What a demonstration told somebody is shown as told on an earlier day; the trail keeps when it was really told."""

from datetime import date, datetime, time

from django.utils import timezone

from quantri.web.core.models import Message


def morning(day: date) -> datetime:
    """Moment of a day at which the work of a demonstration is said to have been done."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def date_notices_back(part_of_key: str, moment: datetime, *, read_at: datetime | None = None) -> None:
    """Let notices have come at an earlier moment, and have been read where `read_at` says so; letters are left."""
    notices = Message.objects.filter(key__contains=part_of_key, channel=Message.Channel.NOTICE)
    notices.update(put_at=moment, sent_at=moment, read_at=read_at)
