"""Addresses of the API, below ``/api/v1/``."""

from django.urls import path, re_path

from aggregator.api import views

app_name = "api"

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("events/", views.Events.as_view(), name="events"),
    path("events/<int:pk>/", views.EventDetail.as_view(), name="event"),
    path("showings/", views.Showings.as_view(), name="showings"),
    path("showings/<int:pk>/", views.ShowingDetail.as_view(), name="showing"),
    re_path(r"^.*$", views.Nowhere.as_view()),
]
