"""Requests to the invented API: who may ask, how often, and which document answers."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable

from providers.filmmakers.simulator import listing
from providers.filmmakers.simulator.details import VERSIONS, Writer, translated
from providers.filmmakers.simulator.edits import Catalogue
from providers.filmmakers.simulator.invented import Actor
from providers.filmmakers.simulator.limiter import WINDOW, Limiter, throttled
from providers.filmmakers.simulator.spoiling import spoiled_profile, with_second_url
from providers.filmmakers.simulator.webhooks import Sender
from providers.filmmakers.simulator.words import LISTS, LOCALES, label, lists_of
from providers.simulation.documents import with_bad_bytes, with_unknown_fields
from providers.simulation.pictures import drawn
from providers.simulation.simulator import (
    Headers,
    Options,
    Request,
    Response,
    html_response,
    json_response,
)
from providers.simulation.world import World

API_KEY = "demo-key-of-the-filmmakers-simulator"
#: A key that sees one agency's profiles only: that of the first.
AGENCY_KEY, AGENCY = "demo-key-of-one-agency-only", 31
CLIENT_ID, CLIENT_SECRET, ACCESS_TOKEN = "demo-client", "demo-client-secret", "demo-access-token"

_API = "/filmmakers/api/v1/"
_PICTURE = re.compile(r"/filmmakers/static/([0-9a-f]{20})-([a-z_]+)\.jpg")
_TOKEN = re.compile(r'(?:Token token=|Bearer )"?([^"\s]+)"?', re.IGNORECASE)
_JSON: Headers = (("Content-Type", "application/json; charset=utf-8"),)
_LARGEST_PAGE = 1000


class Api:
    """The API over one catalogue of invented people."""

    def __init__(self, world: World, options: Options) -> None:
        self._world = world
        self._switch = options.switch
        self._base = f"{options.base_url}/filmmakers"
        self._lists = lists_of(options.world)
        self._limiter = Limiter(world, options.switch)
        self.sender = Sender(world, options.switch, API_KEY)
        self.catalogue = Catalogue(world, options.switch, self.sender, options.world)
        self.writer = Writer(world, self.catalogue, self._base, options.switch)

    def handle(self, request: Request) -> Response:
        """Answer any request under /filmmakers/."""
        if not request.path.startswith(_API):
            return self._elsewhere(request)
        answer = self._limiter.refusal() or self._answer(request)
        if "origin" not in request.headers:
            return answer
        cors = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET"))
        return Response(answer.status, answer.body, (*answer.headers, *cors))

    def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(200)
        if request.method not in {"GET", "HEAD"}:
            return self._not_found()
        found = _TOKEN.fullmatch(request.headers.get("authorization", "").strip())
        key = found[1] if found else ""
        if key not in {API_KEY, AGENCY_KEY} and not (key == ACCESS_TOKEN and self.writer.current):
            return self._denied()
        if request.take("429_plain", True):
            return throttled(300, (self._world.instant() // WINDOW + 1) * WINDOW)
        if request.take("500_plain", True):
            return Response(
                500, b"We're sorry, but something went wrong.\n", (("Content-Type", "text/plain"),)
            )
        path = request.path.removeprefix(_API)
        if path.endswith("/") and self._switch("trailing_slash") == "none":
            return self._not_found()
        return self._routed(request, path.strip("/").split("/"), key == AGENCY_KEY)

    def _routed(self, request: Request, parts: list[str], narrow: bool) -> Response:
        def scope(found: Actor) -> bool:
            return not narrow or found.agency == AGENCY

        match parts:
            case ["actor_profiles"]:
                return self._list(request, scope)
            case ["actor_profiles", key] if key.isdigit():
                return self._profile(request, int(key), scope)
            case ["talent_agencies", key] if key.isdigit():
                agency = self.writer.agency(int(key))
                return self._not_found() if agency is None else self._json(agency)
            case ["attributes"]:
                return self._json(self._lists)
            case ["attributes", name] if name in LISTS:
                wanted = request.query.get("locale", "en")
                locale = wanted if wanted in LOCALES else "en"
                return self._json({value: label(name, value, locale) for value in sorted(LISTS[name])})
        return self._not_found()

    def _list(self, request: Request, scope: Callable[[Actor], bool]) -> Response:
        url, query = f"{self._base}/api/v1/actor_profiles", request.query
        size = int(self._switch("page_size"))
        if self.writer.current and "per_page" in query:
            size = max(1, listing.number(query["per_page"], size))
            if size > _LARGEST_PAGE:
                return json_response(400, {"status": 400, "error": "Bad Request"})
        page = max(1, listing.number(query.get("page"), 1))
        if request.take("404_empty", True):
            return Response(200, b"[]", (*_JSON, ("Total", "0"), ("Per-Page", str(size))))
        if request.take("empty_with_next", True):
            onward = (("Link", f'<{url}?page={page + 1}>; rel="next"'),)
            return Response(200, b"[]", (*_JSON, ("Total", "9999"), ("Per-Page", str(size)), *onward))
        found = listing.matching(self.writer, query, scope)
        part = found[(page - 1) * size : page * size]
        rows = [listing.row(self.writer, each, query) for each in part]
        if rows and request.take("duplicate_ids", True):
            rows.append(rows[0])
        if rows and request.take("row_without_id", True):
            rows[-1].pop("id")
        if request.take("unknown_fields", True):
            rows = [with_unknown_fields(row) for row in rows]
        headers = listing.page_headers(url, query, len(found), size, page)
        if request.take("next_elsewhere", True):
            headers = (*headers[:2], ("Link", '<http://127.0.0.2:9/steal?page=2>; rel="next"'))
        return Response(200, listing.encoded(rows).encode(), (*_JSON, *headers))

    def _profile(self, request: Request, key: int, scope: Callable[[Actor], bool]) -> Response:
        if key in self.catalogue.gone:
            return self._gone(key)
        found = self.catalogue.find(key)
        if found is None:
            return self._not_found()
        if not scope(found):
            return self._denied() if self._switch("out_of_scope") == "403" else self._not_found()
        locale = request.query.get("locale", "en")
        document = self.writer.profile(found, locale if locale in LOCALES else "en")
        document = spoiled_profile(document, found.number, self.catalogue.broken.get(key), request.take)
        if request.query.get("enum") == "translate":
            document = translated(document, locale if locale in LOCALES else "en")
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        if request.take("duplicate_key", True):
            text = with_second_url(text)
        return Response(200, with_bad_bytes(text), _JSON)

    def _gone(self, key: int) -> Response:
        if not self.writer.current:
            return self._not_found()
        into = self.catalogue.gone[key]
        if into is None:
            return self._json({"id": key, "status": "deleted"}, 410)
        return self._json({"id": key, "status": "merged", "new_id": into}, 410)

    def _json(self, value: object, status: int = 200) -> Response:
        return Response(status, json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(), _JSON)

    def _not_found(self) -> Response:
        if self._switch("not_found") == "html":
            return html_response(404, "<!DOCTYPE html><title>404</title><h1>The page does not exist</h1>")
        return self._json({"status": 404, "error": "Not Found"}, 404)

    def _denied(self) -> Response:
        kind = self._switch("denied")
        headers = (
            ("WWW-Authenticate", 'Token realm="Application"'),
            ("Content-Type", "text/html" if kind == "html" else "text/plain"),
        )
        return Response(401, b"HTTP Token: Access denied.\n", headers)

    def _elsewhere(self, request: Request) -> Response:
        picture = _PICTURE.fullmatch(request.path)
        if picture is not None and picture[2] in VERSIONS:
            body = drawn(picture[1], *VERSIONS[picture[2]], "portrait")
            return Response(200, body, (("Content-Type", "image/jpeg"),))
        if self.writer.current and (answer := self._oauth(request)) is not None:
            return answer
        if request.path.startswith(("/filmmakers/actors/", "/filmmakers/agents/", "/filmmakers/profil/")):
            return html_response(200, "<!DOCTYPE html><title>Profil</title><p>The simulated site.</p>")
        return self._not_found()

    def _oauth(self, request: Request) -> Response | None:
        """Discovery, token and introspection; outside of the API's own path."""
        match request.method, request.path:
            case "GET", "/filmmakers/.well-known/openid-configuration":
                return self._json(
                    {"issuer": self._base, "token_endpoint": f"{self._base}/oauth/token",
                     "introspection_endpoint": f"{self._base}/oauth/introspect"}
                )  # fmt: skip
            case "POST", "/filmmakers/oauth/token":
                form = request.form()
                asked = (form.get("grant_type"), form.get("client_id"), form.get("client_secret"))
                if asked != ("client_credentials", CLIENT_ID, CLIENT_SECRET):
                    return self._json({"error": "invalid_client"}, 401)
                return self._json(
                    {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 7200, "scope": "public",
                     "created_at": self._world.instant()}
                )  # fmt: skip
            case "POST", "/filmmakers/oauth/introspect":
                return self._introspected(request)
        return None

    def _introspected(self, request: Request) -> Response:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            known = b64decode(given).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"
        except ValueError:
            known = False
        if scheme.lower() != "basic" or not known:
            return self._json({"error": "invalid_client"}, 401)
        return self._json({"active": request.form().get("token") == ACCESS_TOKEN})
