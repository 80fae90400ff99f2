"""Every address of the site, by the room that answers it."""

from django.contrib import admin
from django.urls import include, path

from aggregator.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("aggregator.api.urls")),
    path("", include("aggregator.web.urls")),
]
