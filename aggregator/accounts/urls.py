"""Addresses under /accounts/: ours first, then allauth's."""

from django.urls import include, path

from aggregator.accounts import views

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("data/", views.data, name="account_data"),
    path("data/marquee.json", views.download, name="account_download"),
    path("data/marquee.ics", views.calendar, name="account_calendar"),
    path("delete/", views.delete, name="account_delete"),
    path("outbox/", views.outbox, name="account_outbox"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
