"""Addresses of the public pages."""

from django.urls import path, re_path

from aggregator.addresses import PLURALS
from aggregator.web import details, hooks, preferences, views
from aggregator.web.indexes import LISTS
from aggregator.web.listings.views import events

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("events/", events, name="events"),
    path("sources/", views.sources, name="sources"),
    path("search/", views.search, name="search"),
    path("city/", preferences.city, name="city"),
    path("language/", preferences.language, name="language"),
    path("trailers/<slug:kind>/<int:pk>/<int:number>/", details.trailer, name="trailer"),
    path("hooks/<slug:slug>/", hooks.hook, name="hook"),
    *(path(f"{PLURALS[kind]}/", details.index, {"kind": kind}, name=f"{kind}_index") for kind in LISTS),
    *(
        re_path(
            rf"^{plural}/(?P<pk>[0-9]{{1,19}})(?:-(?P<slug>.*))?/$", details.page, {"kind": kind}, name=kind
        )
        for kind, plural in PLURALS.items()
    ),
]
