"""Addresses of the public pages."""

from django.urls import path, re_path

from aggregator.web import hooks, views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("events/", views.events, name="events"),
    re_path(r"^events/(?P<pk>[0-9]{1,19})(?:-(?P<slug>.*))?/$", views.event, name="event"),
    path("sources/", views.sources, name="sources"),
    path("hooks/<slug:slug>/", hooks.hook, name="hook"),
]
