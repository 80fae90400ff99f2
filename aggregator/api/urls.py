"""Addresses of the API, below ``/api/v1/``."""

from django.urls import path, re_path

from aggregator.api import source, views

app_name = "api"

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("events/", views.Events.as_view(), name="events"),
    path("events/<int:pk>/", views.EventDetail.as_view(), name="event"),
    path("showings/", views.Showings.as_view(), name="showings"),
    path("showings/<int:pk>/", views.ShowingDetail.as_view(), name="showing"),
    path("people/", views.People.as_view(), name="people"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person"),
    *(
        path(f"{kind}/<int:pk>/source/", source.Source.as_view(kind=kind), name=f"{kind}-source")
        for kind in source.KINDS
    ),
    re_path(r"^.*$", views.Nowhere.as_view()),
]
