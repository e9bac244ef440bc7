"""Who may open what: each address of the site, for every role, in the own agency, a sister agency and another province.

One row for each address and method: its name, the method, an example, and what answers. The answers stand in five
groups: the six roles of `ROLES` in the own agency, in a sister agency of the province, and in another province;
somebody signed in without a role; nobody. `o` opens it (or says what is faulty in what was sent), `s` asks to sign in,
`f` forbids, `n` does not know it. A new address without a row fails the last test.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from quantri.web.accounts.models import User
from world import World, make_world

PUBLIC = "oooooo oooooo oooooo o o"
SIGNED_IN = "oooooo oooooo oooooo o s"
MATRIX: list[tuple[str, str, str, str]] = [
    ("health", "get", "/health", PUBLIC),
    ("openid_connect_login", "get", "/account/oidc/province/login/", "nnnnnn nnnnnn nnnnnn n n"),
    ("openid_connect_callback", "get", "/account/oidc/province/login/callback/", "nnnnnn nnnnnn nnnnnn n n"),
    ("portal:home", "get", "/", PUBLIC),
    ("portal:start", "get", "/start/", PUBLIC),
    ("portal:provinces", "get", "/provinces/", PUBLIC),
    ("portal:plans", "get", "/plans/", PUBLIC),
    ("portal:plan", "get", "/plans/{plan}/", "oooooo oonnnn nnnnnn n n"),
    ("portal:source", "get", "/plans/{historic}/source/", PUBLIC),
    ("portal:method", "get", "/method/", PUBLIC),
    ("accounts:mine", "get", "/account/", SIGNED_IN),
    ("accounts:accept", "get", "/account/invitation/", PUBLIC),
    ("accounts:accept", "post", "/account/invitation/", PUBLIC),
    ("accounts:invitation", "get", "/account/invitation/ABC/", PUBLIC),
    ("account_inactive", "get", "/account/ended/", PUBLIC),
    ("account_reauthenticate", "get", "/account/confirm/", SIGNED_IN),
    ("account_change_password", "get", "/account/password/", SIGNED_IN),
    ("mfa_index", "get", "/account/second-factor/", SIGNED_IN),
    ("mfa_authenticate", "get", "/account/second-factor/code/", SIGNED_IN),
    ("mfa_authenticate", "post", "/account/second-factor/code/", SIGNED_IN),
    ("mfa_reauthenticate", "get", "/account/second-factor/confirm/", SIGNED_IN),
    ("mfa_activate_totp", "get", "/account/second-factor/application/", SIGNED_IN),
    ("mfa_deactivate_totp", "get", "/account/second-factor/application/remove/", "nnnnnn nnnnnn nnnnnn n s"),
    ("mfa_view_recovery_codes", "get", "/account/second-factor/codes/", "nnnnnn nnnnnn nnnnnn n s"),
    ("mfa_generate_recovery_codes", "get", "/account/second-factor/codes/new/", SIGNED_IN),
    ("usersessions_list", "get", "/account/sessions/", SIGNED_IN),
    ("usersessions_list", "post", "/account/sessions/", SIGNED_IN),
    ("socialaccount_login_cancelled", "get", "/account/province/cancelled/", PUBLIC),
    ("socialaccount_login_error", "get", "/account/province/failed/", PUBLIC),
    ("agencies:list", "get", "/agencies/", "oooooo oooooo oooooo f s"),
    ("agencies:table", "get", "/agencies/table.xlsx", "oooooo oooooo oooooo f s"),
    ("agencies:new", "get", "/agencies/new/", "offfff offfff offfff f s"),
    ("agencies:new", "post", "/agencies/new/", "offfff offfff offfff f s"),
    ("agencies:succession", "get", "/agencies/succession/", "offfff offfff offfff f s"),
    ("agencies:succession", "post", "/agencies/succession/", "offfff offfff offfff f s"),
    ("agencies:invite-many", "get", "/agencies/invite/", "offfff offfff offfff f s"),
    ("agencies:invite-many", "post", "/agencies/invite/", "offfff offfff offfff f s"),
    ("agencies:invitations", "get", "/agencies/invitations/", "offffo offffo offffo f s"),
    ("agencies:withdraw", "post", "/agencies/invitations/{invitation}/withdraw/", "offffo offffn nffffn f s"),
    ("agencies:dormant", "get", "/agencies/dormant/", "offffo offffo offffo f s"),
    ("agencies:close", "post", "/agencies/dormant/{dormant}/end/", "offffo offffn nffffn f s"),
    ("agencies:leave", "get", "/agencies/members/{member}/leave/", "offffo offffn nffffn f s"),
    ("agencies:leave", "post", "/agencies/members/{member}/leave/", "offffo offffn nffffn f s"),
    ("agencies:renew", "post", "/agencies/members/{member}/renew/", "offffo offffn nffffn f s"),
    ("agencies:detail", "get", "/agencies/{agency}/", "oooooo oooooo nnnnnn f s"),
    ("agencies:rename", "get", "/agencies/{agency}/rename/", "offfff offfff nfffff f s"),
    ("agencies:rename", "post", "/agencies/{agency}/rename/", "offfff offfff nfffff f s"),
    ("agencies:place", "get", "/agencies/{agency}/place/", "offfff offfff nfffff f s"),
    ("agencies:place", "post", "/agencies/{agency}/place/", "offfff offfff nfffff f s"),
    ("agencies:end", "get", "/agencies/{agency}/end/", "offfff offfff nfffff f s"),
    ("agencies:end", "post", "/agencies/{agency}/end/", "offfff offfff nfffff f s"),
    ("agencies:head", "get", "/agencies/{agency}/head/", "offffo offfff nffffn f s"),
    ("agencies:head", "post", "/agencies/{agency}/head/", "offffo offfff nffffn f s"),
    ("agencies:work", "get", "/agencies/{agency}/work/", "offffo offfff nffffn f s"),
    ("agencies:work", "post", "/agencies/{agency}/work/", "offffo offfff nffffn f s"),
    ("agencies:invite", "get", "/agencies/{agency}/invite/", "offffo offfff nffffn f s"),
    ("agencies:invite", "post", "/agencies/{agency}/invite/", "offffo offfff nffffn f s"),
    ("indices:explore", "get", "/explore/", PUBLIC),
    ("indices:explore-export", "get", "/explore/table.csv", PUBLIC),
    ("indices:province", "get", "/provinces/vn63-89/", PUBLIC),
    ("indices:province-export", "get", "/provinces/vn63-89/figures.csv", PUBLIC),
    ("indices:component", "get", "/components/D3/", PUBLIC),
    ("indices:compare", "get", "/compare/", PUBLIC),
    ("indices:figure", "get", "/figures/2017/vn63-89/D3/", PUBLIC),
    ("indices:releases", "get", "/data/", PUBLIC),
    ("indices:import", "get", "/data/import/", "offfff offfff ffffff f s"),
    ("indices:import", "post", "/data/import/", "offfff offfff ffffff f s"),
    ("indices:confirm-import", "post", "/data/import/confirm/", "offfff offfff ffffff f s"),
    ("indices:release", "get", "/data/{release}/", PUBLIC),
    ("indices:release-file", "get", "/data/{release}/results.csv", PUBLIC),
    ("surveys:rounds", "get", "/rounds/", PUBLIC),
    ("surveys:upload", "get", "/rounds/new/", "offfff offfff ffffff f s"),
    ("surveys:upload", "post", "/rounds/new/", "offfff offfff ffffff f s"),
    ("surveys:job", "get", "/rounds/jobs/{job}/", "offfff nfffff ffffff f s"),
    ("surveys:cancel", "post", "/rounds/jobs/{job}/cancel/", "offfff nfffff ffffff f s"),
    ("surveys:round", "get", "/rounds/synthetic-2/", PUBLIC),
    ("surveys:freeze", "post", "/rounds/synthetic-2/freeze/", "offfff offfff ffffff f s"),
    ("surveys:round-export", "get", "/rounds/synthetic-2/table.csv", PUBLIC),
    ("surveys:change", "get", "/rounds/synthetic-2/change/", PUBLIC),
    ("surveys:change-export", "get", "/rounds/synthetic-2/change/table.csv", PUBLIC),
    ("surveys:weights", "get", "/rounds/synthetic-2/weights/", PUBLIC),
    ("surveys:weights-export", "get", "/rounds/synthetic-2/weights/table.csv", PUBLIC),
    ("surveys:detect", "get", "/rounds/synthetic-2/sample/", PUBLIC),
    ("surveys:place", "get", "/rounds/synthetic-1/places/89/", PUBLIC),
    ("surveys:place-export", "get", "/rounds/synthetic-1/places/89/table.csv", PUBLIC),
    ("plans:diagnosis-home", "get", "/plans/diagnosis/", "oooooo oooooo oooooo f s"),
    ("plans:diagnosis", "get", "/plans/diagnosis/vn63-89/?year=2018", "oooooo oooooo oooooo f s"),
    ("plans:new", "get", "/plans/new/", "offfff offfff offfff f s"),
    ("plans:new", "post", "/plans/new/", "offfff offfff offfff f s"),
    ("plans:targets", "get", "/plans/{plan}/targets/", "offfff offfff nfffff f s"),
    ("plans:targets", "post", "/plans/{plan}/targets/", "offfff offfff nfffff f s"),
    ("plans:target", "post", "/plans/{plan}/targets/D1/", "offfff offfff nfffff f s"),
    ("plans:owners", "get", "/plans/{plan}/owners/", "offfff offfff nfffff f s"),
    ("plans:owners", "post", "/plans/{plan}/owners/", "offfff offfff nfffff f s"),
    ("plans:about", "get", "/plans/{plan}/about/", "offfff offfff nfffff f s"),
    ("plans:about", "post", "/plans/{plan}/about/", "offfff offfff nfffff f s"),
    ("plans:end", "get", "/plans/{plan}/end/", "offfff offfff nfffff f s"),
    ("plans:end", "post", "/plans/{plan}/end/", "offfff offfff nfffff f s"),
    ("plans:try", "get", "/plans/{plan}/try/D5/", "oooooo oonnnn nnnnnn n n"),
    ("tasks:template", "get", "/plans/tasks/template.xlsx", "offfff offfff offfff f s"),
    ("tasks:list", "get", "/plans/{plan}/tasks/", "offfff offfff nfffff f s"),
    ("tasks:list", "post", "/plans/{plan}/tasks/", "offfff offfff nfffff f s"),
    ("tasks:change", "get", "/plans/{plan}/tasks/{task}/", "offfff offfff nfffff f s"),
    ("tasks:change", "post", "/plans/{plan}/tasks/{task}/", "offfff offfff nfffff f s"),
    ("tasks:remove", "post", "/plans/{plan}/tasks/{task}/remove/", "offfff offfff nfffff f s"),
    ("tasks:copy", "post", "/plans/{plan}/tasks/copy/", "offfff offfff nfffff f s"),
    ("tasks:adopt", "post", "/plans/{plan}/tasks/adopt/", "offfff offfff nfffff f s"),
    ("tasks:upload", "post", "/plans/{plan}/tasks/upload/", "offfff offfff nfffff f s"),
    ("tasks:confirm", "post", "/plans/{plan}/tasks/confirm/", "offfff offfff nfffff f s"),
    ("reports:documents", "get", "/plans/{plan}/document/", "offfff offfff nfffff f s"),
    ("reports:file", "get", "/plans/{plan}/document/{sha}/ke-hoach.docx", "oonnnn oonnnn nnnnnn n n"),
    ("reports:decide", "get", "/plans/{plan}/decision/", "foffff foffff fnffff f s"),
    ("reports:decide", "post", "/plans/{plan}/decision/", "foffff foffff fnffff f s"),
    ("account_login", "get", "/account/login/", PUBLIC),
    ("account_login", "post", "/account/login/", PUBLIC),
    ("account_logout", "get", "/account/logout/", PUBLIC),
    ("account_logout", "post", "/account/logout/", PUBLIC),
    ("deadlines:calendar", "get", "/calendar/", PUBLIC),
    ("deadlines:upload", "get", "/calendar/upload/", "offffo offffo ffffff f s"),
    ("deadlines:upload", "post", "/calendar/upload/", "offffo offffo ffffff f s"),
    ("deadlines:draft", "get", "/calendar/drafts/{calendar}/", "offffo offffo ffffff f s"),
    ("deadlines:draft", "post", "/calendar/drafts/{calendar}/", "offffo offffo ffffff f s"),
    ("deadlines:retract", "post", "/calendar/days/{day}/retract/", "offffo offffo ffffff f s"),
    ("deadlines:year", "get", "/calendar/2026/", PUBLIC),
    ("deadlines:rules", "get", "/rules/", PUBLIC),
    ("deadlines:clock", "get", "/clocks/{clock}/", "offffo offffo offffo f s"),
    ("appraisal:list", "get", "/classes/", PUBLIC),
    ("appraisal:new", "get", "/classes/new/", "offfff offfff offfff f s"),
    ("appraisal:new", "post", "/classes/new/", "offfff offfff offfff f s"),
    ("appraisal:sheet", "get", "/classes/sheet.toml", "offfff offfff offfff f s"),
    ("appraisal:exercise", "get", "/classes/{exercise}/", "ooonnn ooonnn nnnnnn n n"),
    ("appraisal:export", "get", "/classes/{exercise}/table.xlsx", "ooonnn ooonnn nnnnnn n n"),
    ("appraisal:decide", "get", "/classes/{exercise}/decide/", "foffff foffff fnffff f s"),
    ("appraisal:decide", "post", "/classes/{exercise}/decide/", "foffff foffff fnffff f s"),
    ("appraisal:entry", "get", "/classes/entries/{entry}/", "ooonnn oonnnn nnnnnn n n"),
    ("appraisal:score", "get", "/classes/entries/{entry}/score/", "ooofff ffnfff nnnfff f s"),
    ("appraisal:score", "post", "/classes/entries/{entry}/score/", "ooofff ffnfff nnnfff f s"),
    ("appraisal:appraise", "get", "/classes/entries/{entry}/appraise/", "offfff offfff nfffff f s"),
    ("appraisal:appraise", "post", "/classes/entries/{entry}/appraise/", "offfff offfff nfffff f s"),
    ("appraisal:return", "get", "/classes/entries/{entry}/return/", "offfff offfff nfffff f s"),
    ("appraisal:return", "post", "/classes/entries/{entry}/return/", "offfff offfff nfffff f s"),
    ("appraisal:extend", "get", "/classes/entries/{entry}/extend/", "offfff offfff nfffff f s"),
    ("appraisal:extend", "post", "/classes/entries/{entry}/extend/", "offfff offfff nfffff f s"),
    ("appraisal:appeal", "get", "/classes/entries/{entry}/appeal/", "ooofff oonfff nnnfff f s"),
    ("appraisal:appeal", "post", "/classes/entries/{entry}/appeal/", "ooofff oonfff nnnfff f s"),
    ("appraisal:answer", "get", "/classes/appeals/{appeal}/answer/", "offfff offfff nfffff f s"),
    ("appraisal:answer", "post", "/classes/appeals/{appeal}/answer/", "offfff offfff nfffff f s"),
    ("plans:hand-over", "post", "/plans/{plan}/owners/{owner}/hand-over/", "offfff offfff nfffff f s"),
    ("plans:state", "get", "/plans/{plan}/state/", "offfff offfff nfffff f s"),
    ("plans:send", "post", "/plans/{plan}/consultation/", "offfff offfff nfffff f s"),
    ("plans:opinion", "get", "/plans/{plan}/opinions/{opinion}/", "ooofff ofnnnn nnnnnn f s"),
    ("plans:opinion", "post", "/plans/{plan}/opinions/{opinion}/", "ooofff ofnnnn nnnnnn f s"),
    ("plans:answer", "post", "/plans/{plan}/opinions/{opinion}/answer/", "offfff offfff nfffff f s"),
    ("plans:opinions-table", "get", "/plans/{plan}/opinions.xlsx", "offfff offfff nfffff f s"),
    ("plans:revise", "post", "/plans/{running}/revise/", "offfff offfff nfffff f s"),
    ("plans:close", "get", "/plans/{running}/close/", "ooffff ooffff nnffff f s"),
    ("plans:close", "post", "/plans/{running}/close/", "ooffff ooffff nnffff f s"),
    ("plans:bases", "get", "/plans/{plan}/bases/", "offfff offfff nfffff f s"),
    ("plans:bases", "post", "/plans/{plan}/bases/", "offfff offfff nfffff f s"),
    ("plans:basis", "get", "/plans/{plan}/bases/{basis}/", "offfff offfff nfffff f s"),
    ("plans:basis", "post", "/plans/{plan}/bases/{basis}/", "offfff offfff nfffff f s"),
    ("plans:basis-end", "post", "/plans/{plan}/bases/{basis}/end/", "offfff offfff nfffff f s"),
    ("tasks:issue", "post", "/plans/{plan}/issue/", "offfff offfff nfffff f s"),
    ("tasks:next-year", "get", "/plans/{running}/next-year/", "offfff offfff nfffff f s"),
    ("tasks:next-year", "post", "/plans/{running}/next-year/", "offfff offfff nfffff f s"),
    ("tasks:annex", "get", "/plans/{plan}/annex/", "offfff offfff nfffff f s"),
    ("tasks:annex", "post", "/plans/{plan}/annex/", "offfff offfff nfffff f s"),
    ("tasks:annex-confirm", "post", "/plans/{plan}/annex/confirm/", "offfff offfff nfffff f s"),
    ("tasks:annex-template", "get", "/plans/{plan}/annex/phu-luc-ke-hoach.xlsx", "offfff offfff nfffff f s"),
    ("work:mine", "get", "/work/", "ooofff ooofff ooofff f s"),
    ("work:period", "get", "/work/periods/{period}/", "ooofff ooofff nnnfff f s"),
    ("work:report", "get", "/work/periods/{period}/parts/{part}/", "ooofff nnnfff nnnfff f s"),
    ("work:report", "post", "/work/periods/{period}/parts/{part}/", "ooofff nnnfff nnnfff f s"),
    ("work:nothing", "post", "/work/periods/{period}/parts/{part}/nothing/", "ooofff nnnfff nnnfff f s"),
    ("work:part", "get", "/work/parts/{part}/", "ooooff ooooff nnnnff f s"),
    ("work:extension", "get", "/work/parts/{part}/extension/", "ooofff ffffff nnnfff f s"),
    ("work:extension", "post", "/work/parts/{part}/extension/", "ooofff ffffff nnnfff f s"),
    ("work:handover", "get", "/work/parts/{part}/handover/", "ooofff ffffff nnnfff f s"),
    ("work:handover", "post", "/work/parts/{part}/handover/", "ooofff ffffff nnnfff f s"),
    ("work:evidence", "get", "/work/evidence/{proof}/", "ooonff oonnff nnnnff f s"),
    ("work:evidence-remove", "post", "/work/evidence/{proof}/remove/", "ooofff ffnfff nnnfff f s"),
    ("work:evidence-share", "post", "/work/evidence/{proof}/share/", "offfff offfff nfffff f s"),
    ("work:periods", "get", "/work/plans/{running}/periods/", "ooffff ooffff nnffff f s"),
    ("work:periods", "post", "/work/plans/{running}/periods/", "offfff offfff nnffff f s"),
    ("work:overview", "get", "/work/periods/{period}/all/", "ooffff ooffff nnffff f s"),
    ("work:overview-file", "get", "/work/periods/{period}/all.xlsx", "ooffff ooffff nnffff f s"),
    ("work:lock", "post", "/work/periods/{period}/lock/", "offfff offfff nfffff f s"),
    ("work:reopen", "get", "/work/periods/{period}/reopen/", "offfff offfff nfffff f s"),
    ("work:reopen", "post", "/work/periods/{period}/reopen/", "offfff offfff nfffff f s"),
    ("work:links", "get", "/work/periods/{period}/links/", "offfff offfff nfffff f s"),
    ("work:links", "post", "/work/periods/{period}/links/", "offfff offfff nfffff f s"),
    ("work:decide", "get", "/work/reports/{report}/", "oofoff oofoff nnfnff f s"),
    ("work:decide", "post", "/work/reports/{report}/", "oofoff oofoff nnfnff f s"),
    ("work:answer-extension", "get", "/work/requests/extension/{longer}/", "offfff offfff nfffff f s"),
    ("work:answer-extension", "post", "/work/requests/extension/{longer}/", "offfff offfff nfffff f s"),
    ("work:answer-handover", "get", "/work/requests/handover/{passed}/", "offfff offfff nfffff f s"),
    ("work:answer-handover", "post", "/work/requests/handover/{passed}/", "offfff offfff nfffff f s"),
    ("work:task", "get", "/work/tasks/{given}/", "ooooff ooooff nnnnff f s"),
    ("work:task-file", "get", "/work/tasks/{given}/table.xlsx", "ooooff ooooff nnnnff f s"),
    ("work:give", "get", "/work/tasks/{given}/give/", "offfff offfff nfffff f s"),
    ("work:give", "post", "/work/tasks/{given}/give/", "offfff offfff nfffff f s"),
    ("work:link", "get", "/r/{token}/", PUBLIC),
    ("work:link", "post", "/r/{token}/", PUBLIC),
    ("core:trail", "get", "/audit/", "oofffo oofffo oofffo f s"),
    ("core:trail-csv", "get", "/audit/table.csv", "oofffo oofffo oofffo f s"),
    ("core:trail-xlsx", "get", "/audit/table.xlsx", "oofffo oofffo oofffo f s"),
    ("core:outbox", "get", "/outbox/", "oofffo oofffo oofffo f s"),
    ("core:decide", "post", "/outbox/{letter}/retry/", "oonnno oonnno nnnnnn n s"),
    ("core:notices", "get", "/notices/", SIGNED_IN),
    ("core:read-all", "post", "/notices/read/", SIGNED_IN),
    ("core:read", "post", "/notices/{notice}/read/", "onnnnn nnnnnn nnnnnn n s"),
    ("places:search", "get", "/places/", PUBLIC),
    ("places:boundary-sets", "get", "/places/boundaries/", PUBLIC),
    ("places:import-boundaries", "get", "/places/boundaries/import/", "offffo offffo ffffff f s"),
    ("places:import-boundaries", "post", "/places/boundaries/import/", "offffo offffo ffffff f s"),
    ("places:confirm-boundaries", "post", "/places/boundaries/confirm/", "offffo offffo ffffff f s"),
    ("places:boundary-set", "get", "/places/boundaries/{boundaries}/", PUBLIC),
    ("places:withdraw-boundaries", "post", "/places/boundaries/{boundaries}/withdraw/", "offffo offffo ffffff f s"),
    ("places:unit", "get", "/places/vn34-91/", PUBLIC),
    ("places:communes", "get", "/places/vn34-91/communes/", PUBLIC),
    ("places:communes-table", "get", "/places/vn34-91/communes.xlsx", PUBLIC),
]


SENT = {"plans:owners": {"code": "D1"}, "tasks:copy": {"plan": "{earlier}"}}  # what a form must name to be one


@pytest.fixture
def world(province) -> World:
    return make_world(province)


def answer_of(user: User | None, method: str, address: str, sent: dict[str, str]) -> str:
    """One letter for what a person gets; what the request changed is undone."""
    client = Client()
    if user is not None:
        client.force_login(user)
    with transaction.atomic():
        answer = getattr(client, method)(address, sent)
        transaction.set_rollback(True)
    assert answer.status_code not in (405, 500), (user, address)
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "s"
    return {403: "f", 404: "n"}.get(answer.status_code, "o")


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield f"{space}{pattern.name}"


@pytest.mark.parametrize(("name", "method", "address", "expected"), MATRIX, ids=lambda v: v[:40])
def test_each_address_opens_for_those_whom_it_is_for(world, name, method, address, expected):
    address = address.format(**world)
    sent = {field: value.format(**world) for field, value in SENT.get(name, {}).items()} if method == "post" else {}
    found = " ".join("".join(answer_of(u, method, address, sent) for u in group) for group in world["groups"])
    assert found == expected
    assert resolve(address.partition("?")[0]).view_name == name


def test_each_address_of_the_site_has_a_row():
    assert sorted(set(names(get_resolver()))) == sorted({name for name, *_ in MATRIX})
