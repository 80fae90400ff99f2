"""Which addresses may be sent to at all."""

import pytest

from aggregator.deliveries import endpoints


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://intranet/",
        "https://me:secret@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:99999/",
        "ftp://hooks.example.org/",
        "https:///path",
        "https://hööks.example.org/",
        "https://hooks.example.org/a b",
        "https://[::1/",
        "https://" + "a" * 500 + ".org/",
        "",
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_at_once(url: str) -> None:
    with pytest.raises(endpoints.BadAddress):
        endpoints.checked_address(url)
