"""docs/api/exports.md, “Is it whole?”: what a reader is told of a file that breaks off, by a real server."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from http.client import IncompleteRead

import pytest

from tests.served import filled, served

#: What curl ends with when an answer has no end.
NOT_WHOLE = 18


@pytest.fixture(scope="module")
def breaking(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("breaking")
    with django_db_blocker.unblock():
        filled(folder)
    with served(folder, application="tests.api.breaking", ANONYMOUS_READING="1") as address:
        yield f"{address}/api/v1/clusters/"


@pytest.mark.parametrize("options", [(), ("--compressed",)])
@pytest.mark.parametrize(("form", "lines"), [("jsonl", 2), ("csv", 1)])
def test_a_file_that_breaks_off_is_not_taken_for_whole(breaking, form, lines, options):
    call = ["curl", "--silent", "--max-time", "30", *options, "-w", "\n%{http_code}"]
    ended = subprocess.run([*call, f"{breaking}?format={form}"], capture_output=True, text=True)
    *told, status = ended.stdout.splitlines()
    assert (ended.returncode, status) == (NOT_WHOLE, "200")
    assert options or len([line for line in told if line]) == lines
    with pytest.raises(IncompleteRead), urllib.request.urlopen(f"{breaking}?format={form}") as answer:
        answer.read()


def test_a_workbook_is_counted_first_and_then_refused(breaking):
    call = ["curl", "--silent", "--max-time", "30", "-w", "\n%{http_code}", f"{breaking}?format=xlsx"]
    ended = subprocess.run(call, capture_output=True, text=True, check=True)
    told, status = ended.stdout.splitlines()
    assert (status, json.loads(told)["code"]) == ("500", "server_error")
