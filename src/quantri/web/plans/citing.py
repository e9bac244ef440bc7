"""A plan as another document names it among its legal bases, in the form that Decree 30/2020/NĐ-CP asks for.

Kind of document, number and symbol, day, who issued it, subject (Annex I of the decree). Documents are Vietnamese.
"""

from datetime import date

from quantri.web.plans.models import Plan

KIND = "Kế hoạch"


def cited(plan: Plan) -> str:
    """Name an issued plan in full; its province bears the name of that day."""
    issuer = f"Ủy ban nhân dân {_place(plan)}"
    return f"{KIND} số {plan.number} {day_in_full(plan.issued_on)} của {issuer} về {subject_of(plan.title)}"


def subject_of(title: str) -> str:
    """Take the kind of document off a title.

    Examples
    --------
    >>> subject_of("Kế hoạch nâng cao Chỉ số PAPI"), subject_of("Nâng cao Chỉ số"), subject_of("PAPI năm 2026")
    ('nâng cao Chỉ số PAPI', 'nâng cao Chỉ số', 'PAPI năm 2026')
    """
    words = title.strip().removeprefix(KIND).strip().removeprefix("về ")
    is_name = words[1:2].isupper()  # capitals that belong together stay
    return words if is_name else words[:1].lower() + words[1:]


def day_in_full(day: date) -> str:
    """Write a day as documents do: a nought before days below 10, and before January and February.

    Examples
    --------
    >>> day_in_full(date(2026, 3, 2)), day_in_full(date(2026, 1, 15))
    ('ngày 02 tháng 3 năm 2026', 'ngày 15 tháng 01 năm 2026')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _place(plan: Plan) -> str:
    name = plan.province.name_on(plan.issued_on)
    return f"{name.get_kind_vi().lower()} {name.name_vi}"
