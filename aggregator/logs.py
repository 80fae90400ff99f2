"""One event, one line on stderr: ``time=… level=… logger=… msg="…"`` and whatever stands in ``extra``."""

import json
import logging
import time
from typing import Any

# What every record carries; anything beyond it was put there by the caller's ``extra``.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
}


class LineFormatter(logging.Formatter):
    """``key=value`` pairs (logfmt). Values with blanks are JSON strings, so that a traceback stays on its line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, times in UTC."""
        pairs: dict[str, Any] = {
            "time": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "msg": record.getMessage(),
        }
        pairs |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            pairs["exception"] = self.formatException(record.exc_info)
        return " ".join(f"{key}={_written(value)}" for key, value in pairs.items())


def _written(value: Any) -> str:
    text = str(value)
    plain = text.isprintable() and not any(character in text for character in ' "=\\')
    return text if plain and text else json.dumps(text, ensure_ascii=False)


def configuration(debug: bool) -> dict[str, Any]:
    """The value of ``LOGGING``. Loggers that print tokens and signed URLs at DEBUG stay at INFO all the same."""
    talkative = ("oauthlib", "requests_oauthlib", "urllib3")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "aggregator.logs.LineFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "aggregator": {"level": "DEBUG" if debug else "INFO"},
            "providers": {"level": "DEBUG" if debug else "INFO"},
            "planner": {"level": "DEBUG" if debug else "INFO"},
            # A page that is not there is no news.
            "django.request": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            # It misses a host name in the address of a folder.
            "kombu.connection": {"level": "ERROR"},
            **{name: {"level": "INFO"} for name in talkative},
        },
    }
