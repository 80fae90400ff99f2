"""Addresses that programs read."""

from django.urls import path

from aggregator.feeds import views
from aggregator.feeds.opensearch import description

app_name = "feeds"

urlpatterns = [
    path("events/calendar.ics", views.listing_calendar, name="calendar"),
    path("events/feed.atom", views.listing_news, name="news"),
    path("events/<int:pk>/calendar.ics", views.row_calendar, {"kind": "event"}, name="event_calendar"),
    path("films/<int:pk>/calendar.ics", views.row_calendar, {"kind": "film"}, name="film_calendar"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemaps/<slug:kind>-<int:number>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("opensearch.xml", description, name="opensearch"),
]
