"""Addresses of the API, below ``/api/v1/``."""

from django.urls import path, re_path

from aggregator.api import changes, reference, search, source, views
from aggregator.api.resources import RESOURCES
from aggregator.api.schema import views as schema_views

app_name = "api"

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    *(path(f"{name}/", views.Listing.as_view(resource=one), name=name) for name, one in RESOURCES.items()),
    *(
        path(f"{name}/<int:pk>/", views.Detail.as_view(resource=one), name=one.one)
        for name, one in RESOURCES.items()
    ),
    path("providers/", views.Providers.as_view(), name="providers"),
    path("providers/<slug:slug>/", views.ProviderDetail.as_view(), name="provider"),
    *(
        path(f"{kind}/<int:pk>/source/", source.Source.as_view(kind=kind), name=f"{kind}-source")
        for kind in source.KINDS
    ),
    path("search/", search.Search.as_view(), name="search"),
    path("docs/", reference.Reference.as_view(), name="docs"),
    path("schema/", schema_views.Schema.as_view(), name="schema"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    # Anything at all, also what holds a line break.
    re_path(r"", views.Nowhere.as_view()),
]
