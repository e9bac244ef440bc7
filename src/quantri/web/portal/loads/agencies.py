"""Agencies of a province with their heads and accounts; nobody has a name, only a role and an agency."""

from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password

from quantri.web.accounts.models import Agency, AgencyName, Headship, Membership, Role, Subordination, User
from quantri.web.places.models import Province
from quantri.web.portal.loads.sizes import ROWS, Bodies, Load

MARK = "(mô phỏng)"
Kind = Agency.Kind


def fill_agencies(load: Load, province: Province) -> Bodies:
    """Make the committee of a province, and below it departments and the committees of communes."""
    committee = Agency.objects.create(
        province=province, name_vi=f"Ủy ban nhân dân cấp tỉnh {MARK}", name_en="Provincial committee (simulated)",
        kind=Kind.PEOPLE_COMMITTEE, unit=province, is_demonstration=True,
    )  # fmt: skip
    kinds = [(Kind.DEPARTMENT, "Sở", load.sizes.departments)]
    kinds.append((Kind.PEOPLE_COMMITTEE, "Ủy ban nhân dân cấp xã", load.sizes.communes))
    others = [
        Agency(province=province, parent=committee, name_vi=f"{word} {n} {MARK}", kind=kind, is_demonstration=True)
        for kind, word, many in kinds for n in range(1, many + 1)
    ]  # fmt: skip
    Agency.objects.bulk_create(others, batch_size=ROWS)
    AgencyName.objects.bulk_create([AgencyName(agency=a, name_vi=a.name_vi) for a in (committee, *others)])
    Subordination.objects.bulk_create([Subordination(agency=a, above=committee, distance=1) for a in others])
    _fill_people(load, province, Bodies(committee=committee, others=others))
    return Bodies(committee=committee, others=others)


def _fill_people(load: Load, province: Province, bodies: Bodies) -> None:
    since = date(load.today.year, 1, 1)
    seats = list(_seats(load, bodies))
    users = [_account(agency, role, n) for agency, role, n in seats]
    User.objects.bulk_create(users, batch_size=ROWS)
    held = [
        Membership(user=user, agency=agency, role=role, valid_from=since, with_subtree=agency is bodies.committee)
        for user, (agency, role, _n) in zip(users, seats, strict=True)
    ]
    Membership.objects.bulk_create(held, batch_size=ROWS)
    heads = [m for m in held if m.role == Role.LEADER]
    Headship.objects.bulk_create(
        [Headship(agency=m.agency, user=m.user, title=f"Thủ trưởng {MARK}", valid_from=since) for m in heads]
    )
    load.people += [(province.key, str(user.pk), user.username) for user in users[:40]]


def _seats(load: Load, bodies: Bodies) -> Iterator[tuple[Agency, Role, int]]:
    for role in Role:
        yield bodies.committee, role, 1
    for agency in bodies.others:
        yield agency, Role.LEADER, 1
        for n in range(1, load.sizes.officers + 1):
            yield agency, Role.OFFICER, n


def _account(agency: Agency, role: Role, n: int) -> User:
    """Make an account into which nobody can sign in, named by its role and agency."""
    name = f"{role.value}-{agency.pk}-{n}"
    return User(
        username=name, full_name=f"{role.value} {n}, {agency.name_vi}", email=f"{name}@mo-phong.example",
        password=make_password(None),
    )  # fmt: skip
