"""One event, one line."""

import logging
import sys

from aggregator.logs import LineFormatter


def line(**attributes: object) -> str:
    usual = {
        "name": "a.b",
        "levelname": "INFO",
        "msg": "hello %s",
        "args": ("you",),
        "created": 0.5,
        "msecs": 500.0,
    }
    return LineFormatter().format(logging.makeLogRecord({**usual, **attributes}))


def test_a_record_is_pairs_with_the_time_in_utc() -> None:
    assert line() == 'time=1970-01-01T00:00:00.500Z level=INFO logger=a.b msg="hello you"'


def test_what_stands_in_extra_is_appended() -> None:
    assert line(provider="sff", rows=3).endswith(" provider=sff rows=3")


def test_line_breaks_and_quotes_cannot_forge_a_second_line() -> None:
    forged = line(msg='x"\ntime=now level=ERROR', args=())
    assert "\n" not in forged
    assert forged.endswith(r'msg="x\"\ntime=now level=ERROR"')


def test_a_traceback_stays_on_its_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        written = line(exc_info=sys.exc_info())
    assert "\n" not in written
    assert "ValueError: broken" in written
