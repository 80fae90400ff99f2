"""Addresses below ``/api/v1/me/``."""

from django.urls import path, re_path

from aggregator.api.views import Nowhere
from planner import paths  # noqa: F401  makes <row:…> known
from planner.api import views

app_name = "me"

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("plan/", views.PlanList.as_view(), name="plan"),
    path("plan/<row:showing>/", views.PlanEntry.as_view(), name="entry"),
    path("tickets/", views.Tickets.as_view(), name="tickets"),
    path("cards/", views.Cards.as_view(), name="cards"),
    path("cards/<row:card>/", views.OneCard.as_view(), name="card"),
    path("link/", views.TheLink.as_view(), name="link"),
    path("export/", views.Export.as_view(), name="export"),
    re_path(r"^.*$", Nowhere.as_view()),
]
