"""Who may read the API from another page: anybody, but never what belongs to a user."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Origin": "https://elsewhere.example"}


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/events/", "/api/v1/events/1/", "/api/v1/nonsense/"])
def test_reads_are_open(client: Client, path: str) -> None:
    response = client.get(path, headers=ELSEWHERE)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert {"ETag", "Link", "Retry-After"} <= set(response["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.parametrize(
    "path", ["/api/v1/me/", "/api/v1/me/plan/", "/api/v1/me", "/events/", "/admin/", "/hooks/sff/"]
)
def test_all_else_is_closed(client: Client, path: str) -> None:
    for response in (
        client.get(path, headers=ELSEWHERE),
        client.options(path, headers={**ELSEWHERE, "Access-Control-Request-Method": "GET"}),
    ):
        assert "Access-Control-Allow-Origin" not in response


def test_a_preflight_allows_reading_alone(client: Client) -> None:
    headers = {
        **ELSEWHERE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    response = client.options("/api/v1/events/", headers=headers)
    assert response.status_code == 200
    assert set(response["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "if-none-match" in response["Access-Control-Allow-Headers"]
