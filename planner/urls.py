"""Addresses of the planner: its pages, and the API's ``me/``."""

from django.urls import path

from planner import paths  # noqa: F401  makes <row:…> known
from planner.web import link_views, views

app_name = "planner"

urlpatterns = [
    path("", views.page, name="page"),
    path("add/", views.add, name="add"),
    path("remove/", views.remove, name="remove"),
    path("entries/<row:key>/", views.edit, name="edit"),
    path("questions/", views.answer_all, name="answer_all"),
    path("undo/<row:change>/", views.undo, name="undo"),
    path("cards/", link_views.cards, name="cards"),
    path("link/", link_views.link, name="link"),
    path("link/begin/", link_views.begin, name="begin"),
    path("link/return/", link_views.returned, name="returned"),
    path("link/unlink/", link_views.unlink, name="unlink"),
    path("link/mail/", link_views.prefer, name="prefer"),
    path("link/keys/<row:key>/", link_views.grant, name="grant"),
]
