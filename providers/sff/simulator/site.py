"""The festival's site as far as the API needs it: OAuth 2.0 with a login form, and pages that links lead to."""

from __future__ import annotations

from html import escape
from http.cookies import SimpleCookie
from urllib.parse import unquote, urlencode, urlsplit

from providers.sff.simulator.accounts import Accounts, Tokens
from providers.sff.simulator.plan_page import COOKIE as _COOKIE
from providers.sff.simulator.plan_page import PlanPage
from providers.simulation.simulator import Request, Response, html_response, json_response

SITE = "/sff-site/"

_WORDS = {
    "sv": ("Logga in", "Användare", "Lösenord", "Tillåt", "Neka", "vill läsa och ändra din festivalplan."),
    "en": ("Log in", "User", "Password", "Allow", "Deny", "wants to read and change your festival plan."),
}

_PAGE = """<!DOCTYPE html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><body><h1>{title}</h1>{body}</body></html>"""


def _page(language: str, title: str, body: str, status: int = 200, cookie: str = "") -> Response:
    headers = (("Set-Cookie", f"{_COOKIE}={cookie}; Path={SITE}; HttpOnly; SameSite=Lax"),) if cookie else ()
    return html_response(status, _PAGE.format(language=language, title=escape(title), body=body), headers)


class Site:
    """The site over its accounts; `client_id` and `client_secret` are those of the one application it knows."""

    def __init__(self, accounts: Accounts, plan_page: PlanPage, client_id: str, client_secret: str) -> None:
        self._accounts = accounts
        self._plan_page = plan_page
        self._client_id = client_id
        self._client_secret = client_secret

    def handle(self, request: Request) -> Response:
        """Answer a request under /sff-site/."""
        path = request.path.removeprefix(SITE)
        if path in {"oauth/authorize/", "oauth/authorize"}:
            return self._authorize(request, "sv")
        if path in {"en/oauth/authorize/", "en/oauth/authorize"}:
            return self._authorize(request, "en")
        if path in {"oauth/token/", "oauth/token"}:
            return self._token(request)
        if path in {"myfestival/", "myfestival"}:
            return self._plan_page.handle(request)
        return _page("sv", "Den simulerade festivalen", f"<p>{escape(unquote(path))}</p>")

    def _authorize(self, request: Request, language: str) -> Response:
        redirect_uri = request.query.get("redirect_uri", "")
        known = request.query.get("client_id") == self._client_id
        if not known or urlsplit(redirect_uri).scheme not in {"http", "https"}:
            return _page(language, "400", "<p>client_id, redirect_uri?</p>", 400)
        if request.query.get("response_type") != "code":
            return self._back(request, {"error": "unsupported_response_type"})
        form = request.form() if request.method == "POST" else {}
        cookies = SimpleCookie(request.headers.get("cookie", ""))
        session = cookies[_COOKIE].value if _COOKIE in cookies else ""
        user = self._accounts.logged_in(session)
        if user is None:
            started = self._accounts.log_in(form.get("username", ""), form.get("password", ""))
            if started is None:
                return self._login(language, 403 if form else 200)
            return self._approval(language, started)
        if form.get("answer") == "allow":
            return self._back(request, {"code": self._accounts.new_code(user, redirect_uri)})
        if form.get("answer") == "deny":
            return self._back(request, {"error": "access_denied"})
        return self._approval(language, session)

    def _back(self, request: Request, answer: dict[str, str]) -> Response:
        if "state" in request.query:
            answer = {**answer, "state": request.query["state"]}
        redirect_uri = request.query["redirect_uri"]
        joint = "&" if "?" in redirect_uri else "?"
        return Response(302, b"", (("Location", f"{redirect_uri}{joint}{urlencode(answer)}"),))

    def _login(self, language: str, status: int) -> Response:
        title, user, password, *_ = _WORDS[language]
        fields = (
            f'<p><label>{user} <input name="username" autocomplete="username" required></label>'
            f'<p><label>{password} <input name="password" type="password" required></label>'
            f"<p><button>{title}</button> (demo / demo, guest / guest)"
        )
        return _page(language, title, f'<form method="post">{fields}</form>', status)

    def _approval(self, language: str, session: str) -> Response:
        *_, allow, deny, wants = _WORDS[language]
        buttons = (
            f'<button name="answer" value="allow">{allow}</button> '
            f'<button name="answer" value="deny">{deny}</button>'
        )
        body = f'<p>Marquee {wants}</p><form method="post">{buttons}</form>'
        return _page(language, allow, body, cookie=session)

    def _token(self, request: Request) -> Response:
        """The token endpoint: JSON whatever happens."""
        if request.method != "POST":
            return _refusal("invalid_request", "Use POST.")
        form = request.form()
        if request.take("client_refused", True):
            return _refusal("invalid_client", "Unknown client or wrong secret.")
        if (form.get("client_id"), form.get("client_secret")) != (self._client_id, self._client_secret):
            return _refusal("invalid_client", "Unknown client or wrong secret.")
        tokens: Tokens | None
        if form.get("grant_type") == "authorization_code":
            tokens = self._accounts.exchange(form.get("code", ""), form.get("redirect_uri", ""))
        elif form.get("grant_type") == "refresh_token" and request.take("refresh_refused", True):
            tokens = None
        elif form.get("grant_type") == "refresh_token":
            tokens = self._accounts.refresh(form.get("refresh_token", ""))
        else:
            return _refusal("unsupported_grant_type", "Only authorization_code and refresh_token.")
        if tokens is None:
            return _refusal("invalid_grant", "The grant is invalid, expired or was used before.")
        answer = {
            "access_token": tokens.access,
            "expires_in": 7_200,
            "scope": None,
            "refresh_token": tokens.refresh,
        }
        return json_response(200, answer)


def _refusal(error: str, description: str) -> Response:
    return json_response(400, {"error": error, "error_description": description})
