"""Who may open what: each address of the site, for every role, in the own agency, a sister agency and another province.

One row for each address and method: its name, the method, an example, and what answers. The answers stand in six
groups: the six roles of `ROLES` in the own agency, in a sister agency of the province, and in another province, all of
them departments; leader and administrator of the province's people's committee, then of a commune's; somebody signed
in without a role; nobody. `o` opens it (or says what is faulty in what was sent), `s` asks to sign in,
`f` forbids, `n` does not know it. A new address without a row fails the last test.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from quantri.web.accounts.models import User
from quantri.web.places.models import Province
from world import World, make_world

PUBLIC = "oooooo oooooo oooooo oooo o o"
SIGNED_IN = "oooooo oooooo oooooo oooo o s"
MATRIX: list[tuple[str, str, str, str]] = [
    ("health", "get", "/health", PUBLIC),
    ("openid_connect_login", "get", "/account/oidc/province/login/", "nnnnnn nnnnnn nnnnnn nnnn n n"),
    ("openid_connect_callback", "get", "/account/oidc/province/login/callback/", "nnnnnn nnnnnn nnnnnn nnnn n n"),
    ("portal:home", "get", "/", PUBLIC),
    ("portal:start", "get", "/start/", PUBLIC),
    ("portal:provinces", "get", "/provinces/", PUBLIC),
    ("portal:plans", "get", "/plans/", PUBLIC),
    ("portal:plan", "get", "/plans/{plan}/", "oooooo onnnnn nnnnnn onnn n n"),
    ("portal:source", "get", "/plans/{historic}/source/", PUBLIC),
    ("portal:method", "get", "/method/", PUBLIC),
    ("accounts:mine", "get", "/account/", SIGNED_IN),
    ("accounts:accept", "get", "/account/invitation/", PUBLIC),
    ("accounts:accept", "post", "/account/invitation/", PUBLIC),
    ("accounts:invitation", "get", "/account/invitation/ABC/", PUBLIC),
    ("account_inactive", "get", "/account/ended/", PUBLIC),
    ("account_reauthenticate", "get", "/account/confirm/", SIGNED_IN),
    ("account_reauthenticate", "post", "/account/confirm/", SIGNED_IN),
    ("account_change_password", "get", "/account/password/", SIGNED_IN),
    ("account_change_password", "post", "/account/password/", SIGNED_IN),
    ("mfa_index", "get", "/account/second-factor/", SIGNED_IN),
    ("mfa_authenticate", "get", "/account/second-factor/code/", SIGNED_IN),
    ("mfa_authenticate", "post", "/account/second-factor/code/", SIGNED_IN),
    ("mfa_reauthenticate", "get", "/account/second-factor/confirm/", SIGNED_IN),
    ("mfa_reauthenticate", "post", "/account/second-factor/confirm/", SIGNED_IN),
    ("mfa_activate_totp", "get", "/account/second-factor/application/", SIGNED_IN),
    ("mfa_activate_totp", "post", "/account/second-factor/application/", SIGNED_IN),
    ("mfa_deactivate_totp", "get", "/account/second-factor/application/remove/", "nnnnnn nnnnnn nnnnnn nnnn n s"),
    (
        "mfa_deactivate_totp",
        "post",
        "/account/second-factor/application/remove/",
        "nnnnnn nnnnnn nnnnnn nnnn n s",
    ),
    ("mfa_view_recovery_codes", "get", "/account/second-factor/codes/", "nnnnnn nnnnnn nnnnnn nnnn n s"),
    ("mfa_generate_recovery_codes", "get", "/account/second-factor/codes/new/", SIGNED_IN),
    ("mfa_generate_recovery_codes", "post", "/account/second-factor/codes/new/", SIGNED_IN),
    ("usersessions_list", "get", "/account/sessions/", SIGNED_IN),
    ("usersessions_list", "post", "/account/sessions/", SIGNED_IN),
    ("socialaccount_login_cancelled", "get", "/account/province/cancelled/", PUBLIC),
    ("socialaccount_login_error", "get", "/account/province/failed/", PUBLIC),
    ("agencies:list", "get", "/agencies/", "oooooo oooooo oooooo oooo f s"),
    ("agencies:table", "get", "/agencies/table.xlsx", "oooooo oooooo oooooo oooo f s"),
    ("agencies:new", "get", "/agencies/new/", "offfff offfff offfff ffff f s"),
    ("agencies:new", "post", "/agencies/new/", "offfff offfff offfff ffff f s"),
    ("agencies:succession", "get", "/agencies/succession/", "offfff offfff offfff ffff f s"),
    ("agencies:succession", "post", "/agencies/succession/", "offfff offfff offfff ffff f s"),
    ("agencies:invite-many", "get", "/agencies/invite/", "offfff offfff offfff ffff f s"),
    ("agencies:invite-many", "post", "/agencies/invite/", "offfff offfff offfff ffff f s"),
    ("agencies:invitations", "get", "/agencies/invitations/", "offffo offffo offffo fofo f s"),
    ("agencies:withdraw", "post", "/agencies/invitations/{invitation}/withdraw/", "offffo offffn nffffn fnfn f s"),
    ("agencies:dormant", "get", "/agencies/dormant/", "offffo offffo offffo fofo f s"),
    ("agencies:close", "post", "/agencies/dormant/{dormant}/end/", "offffo offffn nffffn fnfn f s"),
    ("agencies:leave", "get", "/agencies/members/{member}/leave/", "offffo offffn nffffn fnfn f s"),
    ("agencies:leave", "post", "/agencies/members/{member}/leave/", "offffo offffn nffffn fnfn f s"),
    ("agencies:renew", "post", "/agencies/members/{member}/renew/", "offffo offffn nffffn fnfn f s"),
    ("agencies:detail", "get", "/agencies/{agency}/", "oooooo oooooo nnnnnn oooo f s"),
    ("agencies:rename", "get", "/agencies/{agency}/rename/", "offfff offfff nfffff ffff f s"),
    ("agencies:rename", "post", "/agencies/{agency}/rename/", "offfff offfff nfffff ffff f s"),
    ("agencies:place", "get", "/agencies/{agency}/place/", "offfff offfff nfffff ffff f s"),
    ("agencies:place", "post", "/agencies/{agency}/place/", "offfff offfff nfffff ffff f s"),
    ("agencies:end", "get", "/agencies/{agency}/end/", "offfff offfff nfffff ffff f s"),
    ("agencies:end", "post", "/agencies/{agency}/end/", "offfff offfff nfffff ffff f s"),
    ("agencies:head", "get", "/agencies/{agency}/head/", "offffo offfff nffffn ffff f s"),
    ("agencies:head", "post", "/agencies/{agency}/head/", "offffo offfff nffffn ffff f s"),
    ("agencies:work", "get", "/agencies/{agency}/work/", "offffo offfff nffffn ffff f s"),
    ("agencies:work", "post", "/agencies/{agency}/work/", "offffo offfff nffffn ffff f s"),
    ("agencies:invite", "get", "/agencies/{agency}/invite/", "offffo offfff nffffn ffff f s"),
    ("agencies:invite", "post", "/agencies/{agency}/invite/", "offffo offfff nffffn ffff f s"),
    ("indices:explore", "get", "/explore/", PUBLIC),
    ("indices:explore-export", "get", "/explore/table.csv", PUBLIC),
    ("indices:province", "get", "/provinces/vn63-89/", PUBLIC),
    ("indices:province-export", "get", "/provinces/vn63-89/figures.csv", PUBLIC),
    ("indices:component", "get", "/components/D3/", PUBLIC),
    ("indices:compare", "get", "/compare/", PUBLIC),
    ("indices:figure", "get", "/figures/2017/vn63-89/D3/", PUBLIC),
    ("indices:releases", "get", "/data/", PUBLIC),
    ("indices:import", "get", "/data/import/", "offfff offfff ffffff ffff f s"),
    ("indices:import", "post", "/data/import/", "offfff offfff ffffff ffff f s"),
    ("indices:confirm-import", "post", "/data/import/confirm/", "offfff offfff ffffff ffff f s"),
    ("indices:release", "get", "/data/{release}/", PUBLIC),
    ("indices:release-file", "get", "/data/{release}/results.csv", PUBLIC),
    ("surveys:rounds", "get", "/rounds/", PUBLIC),
    ("surveys:upload", "get", "/rounds/new/", "offfof offfof ffffff ffff f s"),
    ("surveys:upload", "post", "/rounds/new/", "offfof offfof ffffff ffff f s"),
    ("surveys:job", "get", "/rounds/jobs/{job}/", "offfnf nfffnf ffffff ffff f s"),
    ("surveys:cancel", "post", "/rounds/jobs/{job}/cancel/", "offfnf nfffnf ffffff ffff f s"),
    ("surveys:round", "get", "/rounds/synthetic-2/", PUBLIC),
    ("surveys:freeze", "post", "/rounds/synthetic-2/freeze/", "offfff offfff ffffff ffff f s"),
    ("surveys:round-export", "get", "/rounds/synthetic-2/table.csv", PUBLIC),
    ("surveys:change", "get", "/rounds/synthetic-2/change/", PUBLIC),
    ("surveys:change-export", "get", "/rounds/synthetic-2/change/table.csv", PUBLIC),
    ("surveys:weights", "get", "/rounds/synthetic-2/weights/", PUBLIC),
    ("surveys:weights-export", "get", "/rounds/synthetic-2/weights/table.csv", PUBLIC),
    ("surveys:detect", "get", "/rounds/synthetic-2/sample/", PUBLIC),
    ("surveys:place", "get", "/rounds/synthetic-1/places/89/", PUBLIC),
    ("surveys:place-export", "get", "/rounds/synthetic-1/places/89/table.csv", PUBLIC),
    ("plans:diagnosis-home", "get", "/plans/diagnosis/", "oooooo oooooo oooooo oooo f s"),
    ("plans:diagnosis", "get", "/plans/diagnosis/vn63-89/?year=2018", "oooooo oooooo oooooo oooo f s"),
    ("plans:new", "get", "/plans/new/", "offfff offfff offfff ffff f s"),
    ("plans:new", "post", "/plans/new/", "offfff offfff offfff ffff f s"),
    ("plans:targets", "get", "/plans/{plan}/targets/", "offfff offfff nfffff ffff f s"),
    ("plans:targets", "post", "/plans/{plan}/targets/", "offfff offfff nfffff ffff f s"),
    ("plans:target", "post", "/plans/{plan}/targets/D1/", "offfff offfff nfffff ffff f s"),
    ("plans:owners", "get", "/plans/{plan}/owners/", "offfff offfff nfffff ffff f s"),
    ("plans:owners", "post", "/plans/{plan}/owners/", "offfff offfff nfffff ffff f s"),
    ("plans:about", "get", "/plans/{plan}/about/", "offfff offfff nfffff ffff f s"),
    ("plans:about", "post", "/plans/{plan}/about/", "offfff offfff nfffff ffff f s"),
    ("plans:end", "get", "/plans/{plan}/end/", "offfff offfff nfffff ffff f s"),
    ("plans:end", "post", "/plans/{plan}/end/", "offfff offfff nfffff ffff f s"),
    ("plans:try", "get", "/plans/{plan}/try/D5/", "oooooo onnnnn nnnnnn onnn n n"),
    ("tasks:template", "get", "/plans/tasks/template.xlsx", "offfff offfff offfff ffff f s"),
    ("tasks:list", "get", "/plans/{plan}/tasks/", "offfff offfff nfffff ffff f s"),
    ("tasks:list", "post", "/plans/{plan}/tasks/", "offfff offfff nfffff ffff f s"),
    ("tasks:change", "get", "/plans/{plan}/tasks/{task}/", "offfff offfff nfffff ffff f s"),
    ("tasks:change", "post", "/plans/{plan}/tasks/{task}/", "offfff offfff nfffff ffff f s"),
    ("tasks:remove", "post", "/plans/{plan}/tasks/{task}/remove/", "offfff offfff nfffff ffff f s"),
    ("tasks:export-amendments", "get", "/plans/{revision}/tasks/moving.xlsx", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-amendments", "get", "/plans/{revision}/tasks/moving/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-amendments", "post", "/plans/{revision}/tasks/moving/", "offfff offfff nfffff ffff f s"),
    (
        "tasks:bring-amendments-confirm",
        "post",
        "/plans/{revision}/tasks/moving/confirm/",
        "offfff offfff nfffff ffff f s",
    ),
    ("tasks:amend", "get", "/plans/{revision}/tasks/moving/{moving}/", "offfff offfff nfffff ffff f s"),
    ("tasks:amend", "post", "/plans/{revision}/tasks/moving/{moving}/", "offfff offfff nfffff ffff f s"),
    ("tasks:amend-drop", "post", "/plans/{revision}/tasks/moving/{moving}/drop/", "offfff offfff nfffff ffff f s"),
    ("tasks:amend-undo", "post", "/plans/{revision}/tasks/moving/{moving}/undo/", "offfff offfff nfffff ffff f s"),
    ("tasks:copy", "post", "/plans/{plan}/tasks/copy/", "offfff offfff nfffff ffff f s"),
    ("tasks:adopt", "post", "/plans/{plan}/tasks/adopt/", "offfff offfff nfffff ffff f s"),
    ("tasks:export", "get", "/plans/{plan}/tasks/table.xlsx", "offfff offfff nfffff ffff f s"),
    ("tasks:bring", "get", "/plans/{plan}/tasks/bring/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring", "post", "/plans/{plan}/tasks/bring/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-confirm", "post", "/plans/{plan}/tasks/bring/confirm/", "offfff offfff nfffff ffff f s"),
    ("tasks:export-parts", "get", "/plans/{plan}/tasks/parts.xlsx", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-parts", "get", "/plans/{plan}/tasks/parts/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-parts", "post", "/plans/{plan}/tasks/parts/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-parts-confirm", "post", "/plans/{plan}/tasks/parts/confirm/", "offfff offfff nfffff ffff f s"),
    ("tasks:export-task-parts", "get", "/plans/{plan}/tasks/{task}/parts.xlsx", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-task-parts", "get", "/plans/{plan}/tasks/{task}/parts/", "offfff offfff nfffff ffff f s"),
    ("tasks:bring-task-parts", "post", "/plans/{plan}/tasks/{task}/parts/", "offfff offfff nfffff ffff f s"),
    (
        "tasks:bring-task-parts-confirm",
        "post",
        "/plans/{plan}/tasks/{task}/parts/confirm/",
        "offfff offfff nfffff ffff f s",
    ),
    ("tasks:upload", "post", "/plans/{plan}/tasks/upload/", "offfff offfff nfffff ffff f s"),
    ("tasks:confirm", "post", "/plans/{plan}/tasks/confirm/", "offfff offfff nfffff ffff f s"),
    ("reports:documents", "get", "/plans/{plan}/document/", "offfff offfff nfffff ffff f s"),
    ("reports:documents", "post", "/plans/{plan}/document/", "offfff offfff nfffff ffff f s"),
    ("reports:file", "get", "/plans/{plan}/document/{sha}/ke-hoach.docx", "onnnnn onnnnn nnnnnn onnn n n"),
    ("reports:letter", "get", "/plans/letters/{agency}/cong-van.docx", "nfffff nfffff nfffff nfff f s"),
    ("reports:class-decision", "get", "/plans/classes/{exercise}/quyet-dinh.docx", "nfffff nfffff nfffff nfff f s"),
    ("reports:templates", "get", "/plans/templates/", "offfff offfff offfff ffff f s"),
    ("reports:templates", "post", "/plans/templates/", "offfff offfff offfff ffff f s"),
    ("reports:template-shipped", "get", "/plans/templates/bao-cao.docx", "offfff offfff offfff ffff f s"),
    ("reports:template-sample", "get", "/plans/templates/{template}/sample.docx", "offfff offfff nfffff ffff f s"),
    ("reports:template-use", "post", "/plans/templates/{template}/use/", "offfff offfff nfffff ffff f s"),
    ("reports:template-end", "post", "/plans/templates/{template}/end/", "offfff offfff nfffff ffff f s"),
    ("reports:list", "get", "/plans/{running}/reports/", "offfff offfff nfffff offf f s"),
    ("reports:list", "post", "/plans/{running}/reports/", "offfff offfff nfffff offf f s"),
    ("reports:report", "get", "/plans/{running}/reports/{synthesis}/", "onnnnn onnnnn nnnnnn onnn n n"),
    ("reports:text", "get", "/plans/{running}/reports/{synthesis}/texts/limits/", "offfff offfff nfffff ffff f s"),
    ("reports:text", "post", "/plans/{running}/reports/{synthesis}/texts/limits/", "offfff offfff nfffff ffff f s"),
    ("reports:freeze", "post", "/plans/{running}/reports/{synthesis}/freeze/", "offfff offfff nfffff ffff f s"),
    ("reports:publish", "post", "/plans/{running}/reports/{synthesis}/decision/", "ffffff ffffff ffffff offf f s"),
    ("reports:traces", "get", "/plans/{running}/reports/{synthesis}/figures/", "onnnnn onnnnn nnnnnn onnn n n"),
    (
        "reports:report-file",
        "get",
        "/plans/{running}/reports/{synthesis}/bao-cao.docx",
        "onnnnn onnnnn nnnnnn onnn n n",
    ),
    ("reports:decide", "get", "/plans/{plan}/decision/", "ffffff ffffff ffffff offf f s"),
    ("reports:decide", "post", "/plans/{plan}/decision/", "ffffff ffffff ffffff offf f s"),
    ("account_login", "get", "/account/login/", PUBLIC),
    ("account_login", "post", "/account/login/", PUBLIC),
    ("account_logout", "get", "/account/logout/", PUBLIC),
    ("account_logout", "post", "/account/logout/", PUBLIC),
    ("deadlines:calendar", "get", "/calendar/", PUBLIC),
    ("deadlines:upload", "get", "/calendar/upload/", "offfff offfff ffffff foff f s"),
    ("deadlines:upload", "post", "/calendar/upload/", "offfff offfff ffffff foff f s"),
    ("deadlines:draft", "get", "/calendar/drafts/{calendar}/", "offfff offfff ffffff foff f s"),
    ("deadlines:draft", "post", "/calendar/drafts/{calendar}/", "offfff offfff ffffff foff f s"),
    ("deadlines:retract", "post", "/calendar/days/{day}/retract/", "offfff offfff ffffff foff f s"),
    ("deadlines:year", "get", "/calendar/2026/", PUBLIC),
    ("deadlines:year", "post", "/calendar/2026/", "offfff offfff ffffff foff f f"),
    ("deadlines:rules", "get", "/rules/", PUBLIC),
    ("deadlines:periods", "get", "/calendar/2026/reports/", PUBLIC),
    ("deadlines:periods", "post", "/calendar/2026/reports/", "offfff offfff ffffff foff f f"),
    ("deadlines:clocks", "get", "/clocks/", SIGNED_IN),
    ("deadlines:clock", "get", "/clocks/{clock}/", "oooooo onnnnn nnnnnn oonn n s"),
    ("deadlines:start", "get", "/clocks/new/", "ooofff ooofff ooofff ofof f s"),
    ("deadlines:start", "post", "/clocks/new/", "ooofff ooofff ooofff ofof f s"),
    ("deadlines:change", "get", "/clocks/{clock}/close/", "ooofff onnfff nnnfff ffnf f s"),
    ("deadlines:change", "post", "/clocks/{clock}/extend/", "ooofff onnfff nnnfff ffnf f s"),
    ("inspections:list", "get", "/inspections/", "oooooo oooooo oooooo oooo f s"),
    ("inspections:new", "get", "/inspections/new/", "offfff offfff offfff ffff f s"),
    ("inspections:new", "post", "/inspections/new/", "offfff offfff offfff ffff f s"),
    ("inspections:programme", "get", "/inspections/{inspection}/", "oooonn oooonn nnnnnn nnnn f s"),
    ("inspections:export", "get", "/inspections/{inspection}/visits.xlsx", "oooonn oooonn nnnnnn nnnn f s"),
    ("inspections:change", "get", "/inspections/{inspection}/change/", "offfff offfff nfffff ffff f s"),
    ("inspections:change", "post", "/inspections/{inspection}/change/", "offfff offfff nfffff ffff f s"),
    ("inspections:team", "get", "/inspections/{inspection}/team/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:team", "post", "/inspections/{inspection}/team/", "offfnn offfnn nnnnnn nnnn f s"),
    ("inspections:team-end", "post", "/inspections/team/{teammate}/end/", "offfff offfff nfffff ffff f s"),
    ("inspections:questions", "get", "/inspections/{inspection}/questions/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:questions", "post", "/inspections/{inspection}/questions/", "offfnn oooonn nnnnnn nnnn f s"),
    (
        "inspections:from-plan",
        "post",
        "/inspections/{inspection}/questions/from-plan/",
        "offfnn oooonn nnnnnn nnnn f s",
    ),
    ("inspections:question", "get", "/inspections/questions/{question}/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:question", "post", "/inspections/questions/{question}/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:question-end", "post", "/inspections/questions/{question}/end/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:choose", "get", "/inspections/{inspection}/places/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:choose", "post", "/inspections/{inspection}/places/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:choice", "get", "/inspections/choices/{choice}/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:choice-file", "get", "/inspections/choices/{choice}/list.xlsx", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:plan", "get", "/inspections/choices/{choice}/visits/{agency}/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:plan", "post", "/inspections/choices/{choice}/visits/{agency}/", "onnnnn oooonn nnnnnn nnnn f s"),
    ("inspections:visit", "get", "/inspections/visits/{visit}/", "oooonn oooonn nnnnnn nnnn f s"),
    ("reports:minutes", "get", "/plans/inspections/{visit}/bien-ban.docx", "oooonn oooonn nnnnnn nnnn f s"),
    ("inspections:visit-change", "get", "/inspections/visits/{visit}/change/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:visit-change", "post", "/inspections/visits/{visit}/change/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:announce", "post", "/inspections/visits/{visit}/announce/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:outline", "get", "/inspections/visits/{visit}/report/", "ooofff ffffff nnnfff nfnf f s"),
    ("inspections:outline", "post", "/inspections/visits/{visit}/report/", "ooofff ffffff nnnfff nfnf f s"),
    ("inspections:cancel", "get", "/inspections/visits/{visit}/cancel/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:cancel", "post", "/inspections/visits/{visit}/cancel/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:check", "get", "/inspections/visits/{visit}/check/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:check", "post", "/inspections/visits/{visit}/check/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:send", "get", "/inspections/visits/{visit}/send/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:send", "post", "/inspections/visits/{visit}/send/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:outcomes", "get", "/inspections/plans/{plan}/", "oooooo onnnnn nnnnnn onnn n n"),
    ("inspections:publish", "get", "/inspections/visits/{visit}/publish/", "ffffff ffffff ffffff offf f s"),
    ("inspections:publish", "post", "/inspections/visits/{visit}/publish/", "ffffff ffffff ffffff offf f s"),
    ("inspections:withdraw", "get", "/inspections/outcomes/{outcome}/withdraw/", "ffffff ffffff ffffff offf f s"),
    ("inspections:withdraw", "post", "/inspections/outcomes/{outcome}/withdraw/", "ffffff ffffff ffffff offf f s"),
    ("inspections:finding-new", "get", "/inspections/visits/{visit}/findings/new/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:finding-new", "post", "/inspections/visits/{visit}/findings/new/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:finding", "get", "/inspections/findings/{finding}/", "oooonn oooonn nnnnnn nnnn f s"),
    ("inspections:finding-change", "get", "/inspections/findings/{finding}/change/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:finding-change", "post", "/inspections/findings/{finding}/change/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:finding-end", "post", "/inspections/findings/{finding}/take-back/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:answer", "get", "/inspections/findings/{finding}/answer/", "ooofff ffffff nnnfff nfnf f s"),
    ("inspections:answer", "post", "/inspections/findings/{finding}/answer/", "ooofff ffffff nnnfff nfnf f s"),
    ("inspections:again", "get", "/inspections/findings/{finding}/again/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:again", "post", "/inspections/findings/{finding}/again/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:decide", "get", "/inspections/answers/{reply}/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:decide", "post", "/inspections/answers/{reply}/", "offfnn oooonn nnnnnn nnnn f s"),
    ("inspections:attachment", "get", "/inspections/files/{picture}/", "oooonn oooonn nnnnnn nnnn f s"),
    ("inspections:attachment-remove", "post", "/inspections/files/{picture}/remove/", "offfnn oooonn nnnnnn nnnn f s"),
    ("figures:list", "get", "/commune-figures/", PUBLIC),
    ("figures:bring", "get", "/commune-figures/bring/", "offfff offfff offfff ffff f s"),
    ("figures:bring", "post", "/commune-figures/bring/", "offfff offfff offfff ffff f s"),
    ("figures:confirm", "post", "/commune-figures/bring/confirm/", "offfff offfff offfff ffff f s"),
    ("figures:template", "get", "/commune-figures/template.xlsx", "offfff offfff offfff ffff f s"),
    ("figures:measures", "get", "/commune-figures/measures/", PUBLIC),
    ("figures:measure-new", "get", "/commune-figures/measures/new/", "offfff offfff offfff ffff f s"),
    ("figures:measure-new", "post", "/commune-figures/measures/new/", "offfff offfff offfff ffff f s"),
    ("figures:measure-end", "post", "/commune-figures/measures/{measure}/end/", "offfff offfff nfffff ffff f s"),
    ("figures:sheet", "get", "/commune-figures/sheets/{figures}/", "ooonon ooonon nnnnnn onon n n"),
    ("figures:decide", "get", "/commune-figures/sheets/{figures}/decide/", "ffffff ffffff ffffff offf f s"),
    ("figures:decide", "post", "/commune-figures/sheets/{figures}/decide/", "ffffff ffffff ffffff offf f s"),
    ("figures:commune", "get", "/commune-figures/communes/vn25-30385/", "onnnon onnnon nnnnnn onnn n n"),
    ("figures:component", "get", "/commune-figures/components/D5/", PUBLIC),
    ("figures:table", "get", "/commune-figures/vn34-91/quarter-2026-1/", "ooonon ooonon nnnnnn onon n n"),
    ("figures:export", "get", "/commune-figures/vn34-91/quarter-2026-1/table.xlsx", "ooonon ooonon nnnnnn onon n n"),
    ("appraisal:list", "get", "/classes/", PUBLIC),
    ("appraisal:new", "get", "/classes/new/", "offfff offfff offfff ffff f s"),
    ("appraisal:new", "post", "/classes/new/", "offfff offfff offfff ffff f s"),
    ("appraisal:sheet", "get", "/classes/sheet.toml", "offfff offfff offfff ffff f s"),
    ("appraisal:exercise", "get", "/classes/{exercise}/", "ooonnn ooonnn nnnnnn onnn n n"),
    ("appraisal:export", "get", "/classes/{exercise}/table.xlsx", "ooonnn ooonnn nnnnnn onnn n n"),
    ("appraisal:decide", "get", "/classes/{exercise}/decide/", "ffffff ffffff ffffff offf f s"),
    ("appraisal:decide", "post", "/classes/{exercise}/decide/", "ffffff ffffff ffffff offf f s"),
    ("appraisal:entry", "get", "/classes/entries/{entry}/", "ooonnn onnnnn nnnnnn onnn n n"),
    ("appraisal:score", "get", "/classes/entries/{entry}/score/", "ooofff fnnfff nnnfff ffnf f s"),
    ("appraisal:score", "post", "/classes/entries/{entry}/score/", "ooofff fnnfff nnnfff ffnf f s"),
    ("appraisal:proof-add", "get", "/classes/entries/{entry}/files/", "ooofff fnnfff nnnfff ffnf f s"),
    ("appraisal:proof-add", "post", "/classes/entries/{entry}/files/", "ooofff fnnfff nnnfff ffnf f s"),
    ("appraisal:proof", "get", "/classes/files/{scored}/", "ooofff onnfff nnnfff ofnf f s"),
    ("appraisal:proof-remove", "post", "/classes/files/{scored}/remove/", "ooofff fnnfff nnnfff ffnf f s"),
    ("appraisal:appraise", "get", "/classes/entries/{entry}/appraise/", "offfff offfff nfffff ffff f s"),
    ("appraisal:appraise", "post", "/classes/entries/{entry}/appraise/", "offfff offfff nfffff ffff f s"),
    ("appraisal:return", "get", "/classes/entries/{entry}/return/", "offfff offfff nfffff ffff f s"),
    ("appraisal:return", "post", "/classes/entries/{entry}/return/", "offfff offfff nfffff ffff f s"),
    ("appraisal:extend", "get", "/classes/entries/{entry}/extend/", "offfff offfff nfffff ffff f s"),
    ("appraisal:extend", "post", "/classes/entries/{entry}/extend/", "offfff offfff nfffff ffff f s"),
    ("appraisal:appeal", "get", "/classes/entries/{entry}/appeal/", "ooofff onnfff nnnfff ofnf f s"),
    ("appraisal:appeal", "post", "/classes/entries/{entry}/appeal/", "ooofff onnfff nnnfff ofnf f s"),
    ("appraisal:answer", "get", "/classes/appeals/{appeal}/answer/", "offfff offfff nfffff ffff f s"),
    ("appraisal:answer", "post", "/classes/appeals/{appeal}/answer/", "offfff offfff nfffff ffff f s"),
    ("plans:hand-over", "post", "/plans/{plan}/owners/{owner}/hand-over/", "offfff offfff nfffff ffff f s"),
    ("plans:state", "get", "/plans/{plan}/state/", "offfff offfff nfffff ffff f s"),
    ("plans:state", "post", "/plans/{plan}/state/", "offfff offfff nfffff ffff f s"),
    ("plans:send", "post", "/plans/{plan}/consultation/", "offfff offfff nfffff ffff f s"),
    ("plans:opinion", "get", "/plans/{plan}/opinions/{opinion}/", "ooofff onnnnn nnnnnn fnnn f s"),
    ("plans:opinion", "post", "/plans/{plan}/opinions/{opinion}/", "ooofff onnnnn nnnnnn fnnn f s"),
    ("plans:answer", "post", "/plans/{plan}/opinions/{opinion}/answer/", "offfff offfff nfffff ffff f s"),
    ("plans:opinions-table", "get", "/plans/{plan}/opinions.xlsx", "offfff offfff nfffff ffff f s"),
    ("plans:revise", "post", "/plans/{running}/revise/", "offfff offfff nfffff ffff f s"),
    ("plans:close", "get", "/plans/{running}/close/", "offfff offfff nfffff offf f s"),
    ("plans:close", "post", "/plans/{running}/close/", "offfff offfff nfffff offf f s"),
    ("plans:bases", "get", "/plans/{plan}/bases/", "offfff offfff nfffff ffff f s"),
    ("plans:bases", "post", "/plans/{plan}/bases/", "offfff offfff nfffff ffff f s"),
    ("plans:basis", "get", "/plans/{plan}/bases/{basis}/", "offfff offfff nfffff ffff f s"),
    ("plans:basis", "post", "/plans/{plan}/bases/{basis}/", "offfff offfff nfffff ffff f s"),
    ("plans:basis-end", "post", "/plans/{plan}/bases/{basis}/end/", "offfff offfff nfffff ffff f s"),
    ("tasks:issue", "post", "/plans/{plan}/issue/", "offfff offfff nfffff ffff f s"),
    ("tasks:next-year", "get", "/plans/{running}/next-year/", "offfff offfff nfffff ffff f s"),
    ("tasks:next-year", "post", "/plans/{running}/next-year/", "offfff offfff nfffff ffff f s"),
    ("tasks:annex", "get", "/plans/{plan}/annex/", "offfff offfff nfffff ffff f s"),
    ("tasks:annex", "post", "/plans/{plan}/annex/", "offfff offfff nfffff ffff f s"),
    ("tasks:annex-confirm", "post", "/plans/{plan}/annex/confirm/", "offfff offfff nfffff ffff f s"),
    ("tasks:annex-template", "get", "/plans/{plan}/annex/phu-luc-ke-hoach.xlsx", "offfff offfff nfffff ffff f s"),
    ("work:mine", "get", "/work/", "ooofff ooofff ooofff ofof f s"),
    ("work:period", "get", "/work/periods/{period}/", "ooofff ooofff nnnfff ofof f s"),
    ("work:report", "get", "/work/periods/{period}/parts/{part}/", "ooofff nnnfff nnnfff nfnf f s"),
    ("work:report", "post", "/work/periods/{period}/parts/{part}/", "ooofff nnnfff nnnfff nfnf f s"),
    ("work:nothing", "post", "/work/periods/{period}/parts/{part}/nothing/", "ooofff nnnfff nnnfff nfnf f s"),
    ("work:rows-file", "get", "/work/periods/{period}/reports.xlsx", "ooofff ooofff nnnfff ofof f s"),
    ("work:bring", "get", "/work/periods/{period}/bring/", "ooofff ooofff nnnfff ofof f s"),
    ("work:bring", "post", "/work/periods/{period}/bring/", "ooofff ooofff nnnfff ofof f s"),
    ("work:bring-confirm", "post", "/work/periods/{period}/bring/confirm/", "ooofff ooofff nnnfff ofof f s"),
    ("work:part", "get", "/work/parts/{part}/", "ooooff ooooff nnnnff ofof f s"),
    ("work:part-change", "get", "/work/parts/{part}/change/", "offfff offfff nfffff ffff f s"),
    ("work:part-change", "post", "/work/parts/{part}/change/", "offfff offfff nfffff ffff f s"),
    ("work:extension", "get", "/work/parts/{part}/extension/", "ooofff ffffff nnnfff ffff f s"),
    ("work:extension", "post", "/work/parts/{part}/extension/", "ooofff ffffff nnnfff ffff f s"),
    ("work:handover", "get", "/work/parts/{part}/handover/", "ooofff ffffff nnnfff ffff f s"),
    ("work:handover", "post", "/work/parts/{part}/handover/", "ooofff ffffff nnnfff ffff f s"),
    ("work:evidence", "get", "/work/evidence/{proof}/", "ooonff onnnff nnnnff ofnf f s"),
    ("work:evidence-remove", "post", "/work/evidence/{proof}/remove/", "ooofff fnnfff nnnfff ffnf f s"),
    ("work:evidence-share", "post", "/work/evidence/{proof}/share/", "offfff offfff nfffff ffff f s"),
    ("work:periods", "get", "/work/plans/{running}/periods/", "offoff offoff nffnff offf f s"),
    ("work:periods", "post", "/work/plans/{running}/periods/", "offfff offfff nffnff ffff f s"),
    ("work:overview", "get", "/work/periods/{period}/all/", "offoff offoff nffnff offf f s"),
    ("work:overview-file", "get", "/work/periods/{period}/all.xlsx", "offfff offfff nfffff offf f s"),
    ("work:lock", "post", "/work/periods/{period}/lock/", "offfff offfff nfffff ffff f s"),
    ("work:reopen", "get", "/work/periods/{period}/reopen/", "offfff offfff nfffff ffff f s"),
    ("work:reopen", "post", "/work/periods/{period}/reopen/", "offfff offfff nfffff ffff f s"),
    ("work:links", "get", "/work/periods/{period}/links/", "offfff offfff nfffff ffff f s"),
    ("work:links", "post", "/work/periods/{period}/links/", "offfff offfff nfffff ffff f s"),
    ("work:decide", "get", "/work/reports/{report}/", "offoff offoff nffnff offf f s"),
    ("work:decide", "post", "/work/reports/{report}/", "offoff offoff nffnff offf f s"),
    ("work:answer-extension", "get", "/work/requests/extension/{longer}/", "offfff offfff nfffff offf f s"),
    ("work:answer-extension", "post", "/work/requests/extension/{longer}/", "offfff offfff nfffff ffff f s"),
    ("work:answer-handover", "get", "/work/requests/handover/{passed}/", "offfff offfff nfffff offf f s"),
    ("work:answer-handover", "post", "/work/requests/handover/{passed}/", "offfff offfff nfffff ffff f s"),
    ("work:task", "get", "/work/tasks/{given}/", "ooooff ooooff nnnnff ofof f s"),
    ("work:task-file", "get", "/work/tasks/{given}/table.xlsx", "ooooff ooooff nnnnff ofof f s"),
    ("work:task-history", "get", "/work/tasks/{given}/history/", "ooffff ooffff nnffff ofof f s"),
    ("work:disown", "post", "/work/links/{link}/not-us/", "ooofff onnfff nnnfff nfnf f s"),
    ("work:parts", "get", "/work/tasks/{given}/parts/", "offfff offfff nfffff ffff f s"),
    ("work:give", "get", "/work/tasks/{given}/give/", "offfff offfff nfffff ffff f s"),
    ("work:give", "post", "/work/tasks/{given}/give/", "offfff offfff nfffff ffff f s"),
    ("work:link", "get", "/r/{token}/", PUBLIC),
    ("work:link", "post", "/r/{token}/", PUBLIC),
    ("followup:follow", "get", "/follow/", "offfff offfff offfff offf f s"),
    ("followup:table", "get", "/follow/overdue/table.xlsx", "offfff offfff offfff offf f s"),
    ("followup:agency", "get", "/follow/agencies/{agency}/", "offfff offfff nfffff offf f s"),
    ("followup:letters", "get", "/follow/letters/", "ooofff ooofff ooofff ofof f s"),
    ("followup:letters", "post", "/follow/letters/", "ooofff ooofff ooofff ofof f s"),
    ("followup:lead", "get", "/lead/", "offfff offfff offfff offf f s"),
    ("followup:publish", "get", "/follow/periods/{period}/publish/", "ffffff ffffff ffffff offf f s"),
    ("followup:publish", "post", "/follow/periods/{period}/publish/", "ffffff ffffff ffffff offf f s"),
    ("followup:withdraw", "get", "/follow/publications/{publication}/withdraw/", "ffffff ffffff ffffff offf f s"),
    ("followup:withdraw", "post", "/follow/publications/{publication}/withdraw/", "ffffff ffffff ffffff offf f s"),
    ("followup:progress", "get", "/plans/{plan}/progress/", "oooooo onnnnn nnnnnn onnn n n"),
    ("core:trail", "get", "/audit/", "oofffo oofffo oofffo oooo f s"),
    ("core:trail-csv", "get", "/audit/table.csv", "oofffo oofffo oofffo oooo f s"),
    ("core:trail-xlsx", "get", "/audit/table.xlsx", "oofffo oofffo oofffo oooo f s"),
    ("core:outbox", "get", "/outbox/", "oofffo oofffo oofffo oooo f s"),
    ("core:decide", "post", "/outbox/{letter}/retry/", "oonnno onnnnn nnnnnn oonn n s"),
    ("core:notices", "get", "/notices/", SIGNED_IN),
    ("core:read-all", "post", "/notices/read/", SIGNED_IN),
    ("core:read", "post", "/notices/{notice}/read/", "onnnnn nnnnnn nnnnnn nnnn n s"),
    ("places:search", "get", "/places/", PUBLIC),
    ("places:boundary-sets", "get", "/places/boundaries/", PUBLIC),
    ("places:import-boundaries", "get", "/places/boundaries/import/", "offfff offfff ffffff foff f s"),
    ("places:import-boundaries", "post", "/places/boundaries/import/", "offfff offfff ffffff foff f s"),
    ("places:confirm-boundaries", "post", "/places/boundaries/confirm/", "offfff offfff ffffff foff f s"),
    ("places:boundary-set", "get", "/places/boundaries/{boundaries}/", PUBLIC),
    (
        "places:withdraw-boundaries",
        "post",
        "/places/boundaries/{boundaries}/withdraw/",
        "offfff offfff ffffff foff f s",
    ),
    ("places:unit", "get", "/places/vn34-91/", PUBLIC),
    ("places:communes", "get", "/places/vn34-91/communes/", PUBLIC),
    ("places:communes-table", "get", "/places/vn34-91/communes.xlsx", PUBLIC),
]


SENT = {"plans:owners": {"code": "D1"}, "tasks:copy": {"plan": "{earlier}"}}  # what a form must name to be one


@pytest.fixture(scope="module")
def _whole_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once for all addresses, in a transaction around those of the tests; undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world(Province.objects.get(key="vn34-91"))
        yield world | {"cookies": {user: cookies_of(user) for group in world["groups"] for user in group if user}}
        transaction.set_rollback(True)


@pytest.fixture
def world(_whole_world, db) -> World:
    return _whole_world


def cookies_of(user: User) -> dict[str, str]:
    """Sign somebody in, once for all addresses."""
    client = Client()
    client.force_login(user)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def client_of(world: World, user: User | None) -> Client:
    client = Client()
    client.cookies.load(world["cookies"].get(user, {}))
    return client


def answer_of(client: Client, method: str, address: str, sent: dict[str, str]) -> str:
    """One letter for what a person gets; what the request changed is undone."""
    with transaction.atomic():
        answer = getattr(client, method)(address, sent)
        transaction.set_rollback(True)
    if answer.streaming:
        b"".join(answer.streaming_content)  # and so closed
    assert answer.status_code not in (405, 500), address
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
    found = " ".join(
        "".join(answer_of(client_of(world, user), method, address, sent) for user in group) for group in world["groups"]
    )  # fmt: skip
    assert found == expected
    assert resolve(address.partition("?")[0]).view_name == name


def methods_of(client: Client, address: str) -> set[str]:
    """Methods that an address takes, as it tells somebody who may open it and asks in a way that no page takes.

    One that answers even then is held to take what browsers send. Forms of allauth take PUT as POST.
    """
    answer = client.generic("PROPFIND", address)
    if answer.status_code != 405:
        return {"get", "post"}
    return {method.strip().lower() for method in answer["Allow"].split(",")} & {"get", "post", "delete", "patch"}


def test_each_method_that_an_address_takes_has_a_row(world):
    rows = {(name, method) for name, method, *_ in MATRIX}
    missing = []
    for name, _method, address, expected in MATRIX:
        readers = [user for group in world["groups"] for user in group]
        opens = [user for user, letter in zip(readers, expected.replace(" ", ""), strict=True) if letter == "o"]
        taken = methods_of(client_of(world, opens[0]), address.format(**world)) if opens else set()
        missing += [(name, method) for method in taken if (name, method) not in rows]
    assert missing == []


def test_each_address_of_the_site_has_a_row():
    assert sorted(set(names(get_resolver()))) == sorted({name for name, *_ in MATRIX})
