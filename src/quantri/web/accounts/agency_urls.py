"""Addresses of agencies and their people."""

from django.urls import path

from quantri.web.accounts.views import agencies, people, successions

app_name = "agencies"
urlpatterns = [
    path("", agencies.listing, name="list"),
    path("table.xlsx", agencies.table, name="table"),
    path("new/", agencies.add, name="new"),
    path("succession/", successions.succession, name="succession"),
    path("invite/", people.invite_many, name="invite-many"),
    path("invitations/", people.sheet, name="invitations"),
    path("invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("dormant/", people.dormant, name="dormant"),
    path("dormant/<int:pk>/end/", people.close, name="close"),
    path("members/<int:pk>/leave/", people.leave, name="leave"),
    path("members/<int:pk>/renew/", people.renew, name="renew"),
    path("<int:pk>/", agencies.detail, name="detail"),
    path("<int:pk>/rename/", agencies.rename, name="rename"),
    path("<int:pk>/place/", agencies.place, name="place"),
    path("<int:pk>/end/", agencies.end, name="end"),
    path("<int:pk>/head/", agencies.head, name="head"),
    path("<int:pk>/work/", successions.work, name="work"),
    path("<int:pk>/invite/", people.invite, name="invite"),
]
