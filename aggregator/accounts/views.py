"""The pages about an account that allauth does not have."""

from pathlib import Path

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from aggregator.accounts import outbox as mail
from aggregator.accounts import personal
from aggregator.clients import is_loopback
from aggregator.web import slots


@never_cache
@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Everything about the account, a click away."""
    return render(request, "accounts/overview.html", {"further": slots.templates_of("account")})


@never_cache
@require_GET
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """What can be taken along."""
    return render(request, "accounts/data.html")


@never_cache
@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """All data about the signed-in person as JSON."""
    response = JsonResponse(
        personal.export(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    return _attached(response, "marquee.json")


@never_cache
@require_GET
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """What the signed-in person plans, as iCalendar."""
    response = HttpResponse(personal.calendar(request.user), content_type="text/calendar; charset=utf-8")
    return _attached(response, "marquee.ics")


def _attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def delete(request: HttpRequest) -> HttpResponse:
    """Destroy the account, after the password was given again and the box was ticked."""
    if request.method == "POST" and request.POST.get("sure") == "yes":
        user = request.user
        personal.destroy(user)
        logout(request)
        messages.success(request, _("Your account and everything in it are gone."))
        return redirect("web:home")
    return render(request, "accounts/delete.html", {"unsure": request.method == "POST"})


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The demo's mail. Only in the demo, and only for whoever sits at this machine."""
    if not settings.DEMO or not is_loopback(request):
        raise Http404
    return render(
        request, "accounts/outbox.html", {"letters": mail.letters(Path(str(settings.EMAIL_FILE_PATH)))}
    )
