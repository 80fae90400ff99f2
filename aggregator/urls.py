"""Every address of the site, by the room that answers it."""

from django.contrib import admin
from django.urls import include, path

from aggregator.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
for _prefix, _room in (("api/v1/", "aggregator.api.urls"), ("", "aggregator.web.urls")):  # TEMPORARY
    try:
        urlpatterns.append(path(_prefix, include(_room)))
    except ModuleNotFoundError:
        pass
