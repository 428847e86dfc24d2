"""Lines of the log: whole, with the id of the request, and without a secret."""

import json
import logging
import sys

import pytest

from config.logs import HIDDEN, logging_of, note_request, without_secrets
from registry.ledger.context import acting_as

FORMATTERS = logging_of(level="INFO", json=True, requests=True)["formatters"]
KEY = "hpr_ab12cd34_9fJ2kQ-x_77aaBBccDDeeFF001122"


def line(message, *arguments, error=False, **extra):
    formatter = FORMATTERS["json"]
    made = formatter["()"](
        formatter["fmt"], style="{", rename_fields=formatter["rename_fields"], json_ensure_ascii=False
    )
    caught = sys.exc_info() if error else None
    record = logging.getLogger("x").makeRecord(
        "x", logging.INFO, "f", 1, message, arguments, caught, extra=extra
    )
    note_request(record)
    return json.loads(made.format(record))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Authorization: Bearer {KEY}", KEY[13:]),
        (f"GET /api/v1/clusters/?key={KEY}&x=1", KEY[13:]),
        ("Authorization: Basic bGFuOm1hdGtoYXU=", "bGFuOm1hdGtoYXU"),
        ("{'Cookie': 'sessionid=abc123; csrftoken=def456'}", "abc123"),
        ("HTTP_COOKIE=sessionid=abc123; csrftoken=def456", "def456"),
        ("Set-Cookie: sessionid=abc123; HttpOnly", "abc123"),
        ("csrfmiddlewaretoken=QQ12&username=lan&password=mat-khau", "mat-khau"),
        ("{'new_password1': 'mat-khau', 'username': 'lan'}", "mat-khau"),
        ('{"SECRET_KEY": "s3cr3t-s3cr3t"}', "s3cr3t"),
        ("whsec_C2FVsBQIhrscChlQIMV/b5sSYspob7oD is wrong", "C2FVsBQIhrscChlQIMV"),
        ("postgresql://registry:mat-khau@db-1:5432/registry", "mat-khau"),
        ("METRICS_TOKEN=abcdef", "abcdef"),
        # As gunicorn quotes an address that it cannot read.
        (f"Invalid HTTP request line: 'GET /api/v1/?key={KEY.replace('_', '%5F')}&q=ê HTTP/1.1'", KEY[-12:]),
        (f"Invalid HTTP_HOST header: '{KEY.replace('_', '%255F')}'.", KEY[-12:]),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_of_the_text(text, secret):
    assert secret in text
    cleaned = without_secrets(text)
    assert secret not in cleaned
    assert HIDDEN in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "GET /admin/registry/cluster/ 200",
        "Chưa kết nối được cơ sở dữ liệu.",
        "Invalid HTTP_HOST header: 'x'. You may need to add 'x' to ALLOWED_HOSTS.",
        "key hpr_ab12cd34",
        "https://registry.example/api/v1/changes/?after=12",
    ],
)
def test_everything_else_stays_as_it_is(text):
    assert without_secrets(text) == text


def test_a_secret_of_the_settings_is_known_wherever_it_stands(settings):
    settings.SECRET_KEY = "khong-giong-gi-ca-9"
    assert line("xin chào %s!", "khong-giong-gi-ca-9")["message"] == f"xin chào {HIDDEN}!"


def test_a_line_is_json_with_moment_level_and_the_id_of_its_request():
    with acting_as("lan", "req-12345678"):
        told = line("Cụm %s", "Giang Biên", status=200, ms=1.5)
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "level": "INFO",
        "logger": "x",
        "request_id": "req-12345678",
        "message": "Cụm Giang Biên",
        "status": 200,
        "ms": 1.5,
    }
    assert "request_id" not in line("ngoài yêu cầu")


def test_lines_for_people_cannot_be_forged():
    made = logging_of(level="INFO", json=False, requests=True)["formatters"]["lines"]
    formatter = made["()"](made["format"], style=made["style"])
    forged = "/x\n2026-11-22 08:00:00,000 INFO registry.requests GET /y 200\r\x1b[2J\u2028Cụm"
    try:
        raise ValueError(forged)
    except ValueError:
        caught = sys.exc_info()
    record = logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, "GET %s", (forged,), caught)
    first, *others = formatter.format(record).splitlines()
    assert first.endswith(
        r"GET /x\n2026-11-22 08:00:00,000 INFO registry.requests GET /y 200\r\x1b[2J\u2028Cụm"
    )
    assert others
    assert all(line.startswith("  ") and line.isprintable() for line in others)


def test_a_traceback_is_cleaned_too_and_stays_one_line():
    try:
        raise ValueError(f"cannot read Bearer {KEY}")
    except ValueError:
        told = line("failed", error=True, request=object(), headers={"Cookie": "sessionid=abc123"})
    assert "Traceback" in told["exc_info"]
    assert not any(secret in str(told) for secret in (KEY[13:], "abc123"))
    assert "request" not in told
