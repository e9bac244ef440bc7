"""A plan as another document names it among its legal bases, in the form that Decree 30/2020/NĐ-CP asks for.

Kind of document, number and symbol, day, who issued it, subject (Annex I of the decree). Documents are Vietnamese.
"""

from datetime import date

from quantri.web.places.models import Province
from quantri.web.plans.models import Plan

KIND = "Kế hoạch"


def cited(plan: Plan) -> str:
    """Name an issued plan in full; its province bears the name of that day."""
    issuer = committee_of(plan.province, plan.issued_on)
    return f"{KIND} số {plan.number} {day_in_full(plan.issued_on)} của {issuer} về {subject_of(plan.title)}"


def subject_of(title: str) -> str:
    """Take the kind of document off a title.

    Examples
    --------
    >>> subject_of("Kế hoạch nâng cao Chỉ số PAPI"), subject_of("Nâng cao Chỉ số"), subject_of("PAPI năm 2026")
    ('nâng cao Chỉ số PAPI', 'nâng cao Chỉ số', 'PAPI năm 2026')
    """
    return _in_a_sentence(title.strip().removeprefix(KIND).strip().removeprefix("về "))


def about(subject: str) -> str:
    """Lead the subject of any document in; who typed it may have begun with the word for it.

    Examples
    --------
    >>> about("Về việc kiểm tra"), about("về kiểm tra"), about("Kiểm tra"), about("PAPI năm 2026")
    ('về việc kiểm tra', 'về kiểm tra', 'về kiểm tra', 'về PAPI năm 2026')
    """
    words = _in_a_sentence(subject.strip())
    return words if words.startswith("về ") else f"về {words}"


def day_in_full(day: date) -> str:
    """Write a day as documents do: a nought before days below 10, and before January and February.

    Examples
    --------
    >>> day_in_full(date(2026, 3, 2)), day_in_full(date(2026, 1, 15))
    ('ngày 02 tháng 3 năm 2026', 'ngày 15 tháng 01 năm 2026')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def committee_of(province: Province, day: date) -> str:
    """Name the people's committee of a province in full, after the name that the province bore on a day."""
    name = province.name_on(day)
    return f"Ủy ban nhân dân {name.get_kind_vi().lower()} {name.name_vi}"


def _in_a_sentence(words: str) -> str:
    is_name = words[1:2].isupper()  # capitals that belong together stay
    return words if is_name else words[:1].lower() + words[1:]
