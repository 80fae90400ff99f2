"""Every address of the site, by the room that answers it."""

from django.contrib import admin
from django.urls import include, path, re_path

from aggregator.api import key_page
from aggregator.api.limited import limited
from aggregator.deliveries import views as webhooks
from aggregator.web import health, map_tiles, pictures

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    re_path(r"^images/([0-9]{1,19})/([a-z0-9-]{1,20})\.([a-z]{3,4})$", pictures.picture, name="picture"),
    # Whatever is fetched for a visitor counts like a question to the API.
    path("tiles/<int:z>/<int:x>/<int:y>", limited(map_tiles.tile), name="tile"),
    path("admin/", admin.site.urls),
    path("api/v1/me/", include("planner.api.urls")),
    path("api/v1/", include("aggregator.api.urls")),
    path("accounts/keys/", key_page.page, name="account_keys"),
    path("accounts/webhooks/", webhooks.index, name="account_webhooks"),
    path("accounts/webhooks/<int:pk>/", webhooks.detail, name="account_webhook"),
    path("accounts/", include("aggregator.accounts.urls")),
    path("planner/", include("planner.urls")),
    path("", include("aggregator.feeds.urls")),
    path("", include("aggregator.web.urls")),
]
