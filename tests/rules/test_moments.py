"""A moment as staff type it."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.rules.moments import as_text, read_moment
from registry.rules.problems import Problem


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        # A day is one of Hà Nội: its end is 17:00 in UTC.
        ("21/11/2026", "2026-11-21T16:59:59.999999Z"),
        ("2026-11-21", "2026-11-21T16:59:59.999999Z"),
        ("1/2/2026", "2026-02-01T16:59:59.999999Z"),
        ("21/11/2026 00:00", "2026-11-20T17:00:59.999999Z"),
        ("21/11/2026 14:05", "2026-11-21T07:05:59.999999Z"),
        (" 14:05  21/11/2026 ", "2026-11-21T07:05:59.999999Z"),
        ("2026-11-21T14:05", "2026-11-21T07:05:59.999999Z"),
        ("21/11/2026 14:05:07", "2026-11-21T07:05:07.999999Z"),
        ("14:05:07 21/11/2026", "2026-11-21T07:05:07.999999Z"),
        ("01/01/1900", "1900-01-01T16:53:29.999999Z"),
    ],
)
def test_what_is_named_is_read_to_its_last_moment(typed: str, last: str) -> None:
    assert as_text(read_moment(typed)) == last


def test_the_next_minute_begins_where_the_last_one_ends() -> None:
    step = timedelta(microseconds=1)
    assert read_moment("21/11/2026 14:05") + step == datetime(2026, 11, 21, 7, 6, tzinfo=UTC)
    assert read_moment("20/11/2026") + step == read_moment("21/11/2026 00:00") + step - timedelta(minutes=1)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hôm qua",
        "31/02/2026",
        "11/21/2026",
        "21/11/26",
        "25:00 21/11/2026",
        "31/12/1899",
        "31/12/9999",
        "9" * 300,
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(Problem, match="Hãy ghi ngày, hoặc ngày và giờ Hà Nội, như 21/11/2026") as refused:
        read_moment(typed)
    assert refused.value.code == "moment_unreadable"
