"""Reason codes in sentences for the operator: the only place where codes become words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, Any] = {
    # On the way to the server
    "bad_url": _("The address is not a usable http or https address."),
    "private_address": _(
        "The host leads to a private or reserved network address, where requests must not go."
    ),
    "dns_failure": _("The host's name could not be resolved."),
    "connection_refused": _("No connection to the server could be made."),
    "connect_timeout": _("The server did not accept the connection in time."),
    "tls_error": _("No secure connection to the server could be made."),
    # While talking to it
    "read_timeout": _("The server stopped sending."),
    "total_timeout": _("The whole exchange took too long."),
    "connection_reset": _("The server broke off the connection."),
    "truncated_body": _("The answer broke off before its end."),
    "body_too_large": _("The answer is larger than allowed."),
    "decompression_bomb": _("The answer unpacks to far more than was sent."),
    "unknown_encoding": _("The answer is packed in a way that was not asked for."),
    # What it answered
    "server_error": _("The server reported an error of its own."),
    "rate_limited": _("The server asks to wait before the next request."),
    "unauthorised": _("The server does not accept the credentials: check the provider's variables."),
    "forbidden": _("The server refuses access: check what the credentials may be used for."),
    "not_found": _("The server knows nothing at the address asked for."),
    "gone": _("What was at the address has been removed for good."),
    "not_acceptable": _("The server cannot answer in the format asked for."),
    "bad_request": _("The server does not accept the request."),
    "redirect_refused": _("The server redirects to a place where the request must not go."),
    "too_many_redirects": _("The server redirects without end."),
    "unexpected_status": _("The server gave an answer that has no meaning here."),
    # What the body turned out to be
    "html_instead_of_data": _("The answer was a web page where data was expected."),
    "truncated_document": _("The document breaks off before its end."),
    "malformed_document": _("The document is not well-formed."),
    "empty_body": _("The answer was empty."),
    "entity_declaration": _("The document declares types or entities, which are not accepted."),
    "wrong_root": _("The document has another outer shape than expected."),
    # What a single document lacked
    "missing_field": _("A field that is needed was missing."),
    "wrong_type": _("A field held another kind of value than expected."),
    "unknown_kind": _("The document is of a kind that is not known."),
    "bad_id": _("The document has no usable id."),
    "bad_encoding": _("The text is not in the encoding that it claims."),
    "invalid_utf8": _("The text is not valid UTF-8."),
    "malformed": _("The document is not well-formed."),
    "timestamp_out_of_range": _("A time lies outside the years 1900 to 2199."),
    "duplicate_id": _("One id was used for two documents in one list."),
    "wrong_id": _("Another document came than the one asked for."),
    "unreadable_id": _("An item had no readable id; nothing is withdrawn from its list."),
    "mapping_error": _("The program failed at this document; the log says where."),
    "dangling_reference": _("The document refers to something that it did not bring along."),
    "not_storable": _("The database refused what the document says."),
    # What a person did
    "paused_by_hand": _("The operator has paused it; it is not read until the operator resumes it."),
    # What became of the run
    "too_many_rejected": _("More than a tenth of the documents were rejected, so the run is not trusted."),
    "nothing_received": _(
        "A list that held rows came back empty, which is taken for a failure and not for news."
    ),
    "too_many_withdrawn": _("So much would have been withdrawn at once that a person is asked first."),
    "scope_changed": _(
        "Base URL, account or criteria have changed, so a person is asked before anything goes."
    ),
    "too_many_attempts": _("The run began many times and never got anywhere."),
    "database_busy": _("Our own database was busy; the run goes on by itself."),
    "internal_error": _("The program itself failed; the log says where."),
}


def sentence(reason: str) -> Any:
    """The sentence for a reason code; a code that is not known is shown as it is."""
    return REASONS.get(reason, reason)
