"""What the registry logs, and how: JSON lines for a deployment, plain lines for a person's own machine.

Each line has the id of the request it was written for, which the answer carries as X-Request-ID and the ledger as
`request`. No line has a secret: whatever is logged, also a traceback or another package's words, is cleaned last.
"""

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from registry.rules.api_keys import holds_key, without_keys

HIDDEN = "[ẩn]"
_PATTERNS = (
    # API keys of ours (their prefix may stay), secrets of webhooks, whatever somebody shows as a bearer.
    (re.compile(r"\b(hpr_[a-z0-9]{8})_[^\s\"',;&)]+"), rf"\1_{HIDDEN}"),
    (re.compile(r"\bwhsec_[^\s\"',;&)]+"), f"whsec_{HIDDEN}"),
    (re.compile(r"\b(Bearer|Basic)\s+(?!hpr_)[^\s\"',;]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # Whole headers, to the end of what may be theirs.
    (re.compile(r"\b((?:HTTP_|Set-)?Cookie)([\"']?\s*[:=]\s*)[^\r\n}]+", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    # name=value, "name": "value"
    (
        re.compile(
            r"\b(\w*(?:passw(?:or)?d\d?|secret|secret_key|pepper|token|sessionid|csrftoken|csrfmiddlewaretoken|"
            r"signature))([\"']?\s*[:=]\s*[\"']?)[^\s\"',;&}\[][^\s\"',;&}]*",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # scheme://name:password@host
    (re.compile(r"(://[^:/@\s]+:)[^@\s/]+@"), rf"\1{HIDDEN}@"),
)
#: What every pattern above needs somewhere: most texts have none of it.
_SUSPECT = re.compile(
    r"hpr_|whsec_|bearer|basic|cookie|passw|secret|pepper|token|session|signature|://", re.IGNORECASE
)


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text with everything that looks like a secret, and every secret known, taken out."""
    for value in known:
        text = text.replace(value, HIDDEN)
    # Servers quote addresses as they came: a key in one may be percent-encoded.
    if "%" in text and holds_key(text):
        text = without_keys(text)
    if not _SUSPECT.search(text):
        return text
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def known_secrets() -> list[str]:
    """The secrets of the settings as they are, longest first. Read late: the settings hold this module's work."""
    from django.conf import settings

    if not settings.configured:
        return []
    values = [
        getattr(settings, "SECRET_KEY", ""),
        getattr(settings, "API_KEY_PEPPER", ""),
        getattr(settings, "METRICS_TOKEN", ""),
        getattr(settings, "EMAIL_HOST_PASSWORD", ""),
        settings.DATABASES["default"].get("PASSWORD") or "",
    ]
    return sorted((value for value in values if len(value) >= 6), key=len, reverse=True)


def _shown(character: str) -> str:
    """The character, or how Python writes it when it would break the line or the terminal."""
    return character if character.isprintable() else ascii(character)[1:-1]


def note_request(record: logging.LogRecord) -> bool:
    """A filter that lets everything pass and writes the request's id on it."""
    from registry.ledger.context import caller_request

    if not hasattr(record, "request_id"):
        record.request_id = caller_request()
    return True


class Lines(logging.Formatter):
    """For people: one line, and a traceback, indented, where there is one: whatever is logged makes no line more."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return line if line.isprintable() else "".join(map(_shown, line))

    def formatException(self, ei: Any) -> str:
        lines = super().formatException(ei).splitlines()
        return "\n".join("  " + "".join(map(_shown, line)) for line in lines)

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record), known_secrets())


class JsonLines(JsonFormatter):
    """For programs: one JSON object a line, `at` in UTC; what is empty is left out."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        known = known_secrets()

        def cleaned(value: Any) -> Any:
            plain = value is None or isinstance(value, bool | int | float)
            return value if plain else without_secrets(str(value), known)

        # Django hangs whole requests and responses on its records.
        kept = {
            name: value
            for name, value in log_data.items()
            if name not in {"request", "response", "server_time"}
        }
        return {name: cleaned(value) for name, value in kept.items() if value not in ("", None)}


def logging_of(*, level: str, json: bool, requests: bool) -> dict[str, Any]:
    """The setting LOGGING. requests: one line for each request."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": lambda: note_request}},
        "formatters": {
            "lines": {"()": Lines, "format": "{asctime} {levelname} {name} {message}", "style": "{"},
            "json": {
                "()": JsonLines,
                "fmt": "{asctime}{levelname}{name}{request_id}{message}",
                "style": "{",
                "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                "json_ensure_ascii": False,
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if json else "lines",
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A refusal is the reader's business and stands in the line of its request; ours are failures.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            "registry.requests": {"level": "INFO" if requests else "CRITICAL"},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }
