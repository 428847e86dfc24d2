"""What a partner's program gets who has a client made from docs/openapi.json: made, imported, used on a server."""

import datetime
import importlib
import inspect
import json
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from registry.api.middleware import LARGEST_CONTENT
from tests.served import ROOT, done, filled, served
from tests.world import WHOLE

DOCUMENT = ROOT / "docs" / "openapi.json"
NAME = "registry_client"
#: The kinds of records, by the name of their package in the client.
KINDS = sorted(
    path.split("/")[3].replace("-", "_")
    for path in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    if path.endswith("/{code}/history/")
)


@dataclass(frozen=True, slots=True)
class Made:
    """client: a client with a key of every scope; address: of its server; folder: where its package was written, and
    the registry; keys: by scope.
    """

    client: Any
    address: str
    folder: Path
    keys: dict[str, str]

    def another(self, address: str = "", token: str = "", **given: Any) -> Any:
        """A client of another server, with another key or with other headers."""
        Client = self.module("client").AuthenticatedClient
        token = token or self.client.token
        return Client(address or self.address, token=token, raise_on_unexpected_status=True, **given)

    def module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{NAME}.{name}")

    def call(self, name: str, *path: str, client: Any = None, **query: Any) -> Any:
        """The parsed answer of the operation, `clusters.list_clusters`."""
        done = self.module(f"api.{name}").sync_detailed(*path, client=client or self.client, **query)
        return done.parsed

    def problem(self, status: int, code: str, *given: str, **query: Any) -> None:
        """The operation is refused so, and the client knows the refusal."""
        refused = self.call(*given, **query)
        assert isinstance(refused, self.module("models").Problem)
        assert (refused.status, refused.code) == (status, code)
        assert refused.detail
        assert refused.detail_en


#: Said to a shell: withdraw a cluster, as two people do.
WITHDRAWN = """
from registry import clock
from registry.actions.publish import withdraw
from registry.models import Cluster
from tests.world import clerk, leader
people = {"proposed_by": clerk().username, "approved_by": leader().username}
cluster = Cluster.objects.get(code="giang-bien")
withdraw([cluster], at=clock.now(), today=clock.today(), reason="Nhầm", **people)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("client")
    with django_db_blocker.unblock():
        keys = filled(folder, WHOLE)
    generated(folder)
    sys.path.insert(0, str(folder))
    try:
        with served(folder) as address:
            # A status that the document does not name is an error.
            Client = partial(importlib.import_module(NAME).AuthenticatedClient, address)
            with Client(token=keys["every"], raise_on_unexpected_status=True) as client:
                yield Made(client, address, folder, keys)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


def generated(folder: Path) -> None:
    """Write the client's package; a warning is a failure."""
    (folder / "config.yaml").write_text(f"package_name_override: {NAME}\npost_hooks: []\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(DOCUMENT)),
            *("--output-path", str(folder / NAME), "--meta", "none", "--config", str(folder / "config.yaml")),
            "--fail-on-warning",
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower(), done.stdout + done.stderr


def test_every_module_of_it_can_be_imported(made):
    package = importlib.import_module(NAME)
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{NAME}.")]
    for name in names:
        importlib.import_module(name)
    assert len(operations(made)) == 44


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_a_record_and_its_history(made, kind):
    listed = made.call(f"{kind}.list_{kind}", page_size=2, count=True)
    first = listed.results[0]
    code = first.code if hasattr(first, "code") else first.id
    assert len(listed.results) == min(2, listed.count)
    record = made.call(f"{kind}.read_{kind}", code)
    assert getattr(record, "code" if hasattr(record, "code") else "id") == code
    history = made.call(f"{kind}.read_{kind}_history", code)
    assert {entry.publication for entry in history.results} == {listed.known_seq}


@pytest.mark.parametrize("kind", KINDS)
def test_what_there_is_not(made, kind):
    made.problem(404, "record_unknown", f"{kind}.read_{kind}", "never-was")
    made.problem(404, "record_unknown", f"{kind}.read_{kind}_history", "never-was")


def test_a_whole_record_is_one_and_what_fields_named_is_a_part(made):
    models = made.module("models")
    asked = [models.ListClustersFieldsItem.CODE, models.ListClustersFieldsItem.AREA_HA]
    for cluster in made.call("clusters.list_clusters", page_size=3).results:
        assert isinstance(cluster, models.Cluster)
    for part in made.call("clusters.list_clusters", page_size=3, fields=asked).results:
        assert isinstance(part, models.ClusterPart)
        assert set(part.to_dict()) == {"code", "area_ha"}
    named = [models.ReadClustersFieldsItem.NAME]
    record = made.call("clusters.read_clusters", "tien-cuong-ii", fields=named)
    assert record.to_dict() == {"name": made.call("clusters.read_clusters", "tien-cuong-ii").name}


def test_filters_on_another_day_as_known_then(made):
    Stage = made.module("models").ListClustersLegalStageItem
    asked = {"valid_on": datetime.date(2022, 3, 31), "place": ["huyen-tien-lang", "huyen-vinh-bao"]}
    found = made.call(
        "clusters.list_clusters", legal_stage=[Stage.ESTABLISHED, Stage.POLICY_APPROVED], **asked
    )
    assert {"tien-cuong-ii", "giang-bien"} <= {cluster.code for cluster in found.results}
    assert {cluster.legal_stage.value for cluster in found.results} <= {"established", "policy_approved"}
    assert found.valid_on == datetime.date(2022, 3, 31)
    for moment in ({"known_seq": 0}, {"known_at": datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)}):
        assert made.call("clusters.list_clusters", **asked, **moment).results == []


def test_all_pages_one_after_the_other(made):
    page = made.call("decisions.list_decisions", page_size=7, count=True)
    seen, total = [decision.id for decision in page.results], page.count
    while page.next_:
        cursor = made.module("client").httpx.URL(page.next_).params["cursor"]
        page = made.call("decisions.list_decisions", page_size=7, cursor=cursor)
        seen += [decision.id for decision in page.results]
    assert len(seen) == len(set(seen)) == total > 7


def test_the_feed_from_the_beginning_to_its_end(made):
    after, codes = 0, []
    while True:
        page = made.call("changes.list_changes", after=after, limit=50)
        codes += [change.id for change in page.results]
        if not page.next_:
            break
        after = page.results[-1].seq
    assert len(codes) > 50
    assert "tien-cuong-ii" in codes
    assert made.call("changes.list_changes", after=page.last_seq).results == []


def test_what_only_this_registry_answers(made):
    found = made.call("search.search", q="tien cuong")
    assert "tien-cuong-ii" in {result.code for result in found.results}
    told = made.call("explain.explain_cluster", "tien-cuong-ii", valid_on=datetime.date(2022, 2, 23))
    assert any(value.decision for value in told.values)
    free = made.call("land.list_available_land")
    # The seed states leased land of no cluster: a typed list, with nothing on it.
    assert isinstance(free, made.module("models").AvailableLandList)
    nobody = made.module("client").Client(made.address, raise_on_unexpected_status=True)
    assert made.call("ledger.read_ledger_checkpoint", client=nobody).publication == free.known_seq


def test_an_answer_that_did_not_change_is_not_sent_again(made):
    ask = partial(made.module("api.clusters.list_clusters").sync_detailed, client=made.client)
    first = ask()
    again = ask(if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_refusals(made):
    made.problem(400, "cursor_invalid", "clusters.list_clusters", cursor="W10.AAAA")
    made.problem(400, "parameter_out_of_range", "clusters.list_clusters", page_size=1001)
    made.problem(400, "parameter_malformed", "clusters.list_clusters", place=["Tiên Lãng"])
    made.problem(404, "record_unknown", "explain.explain_cluster", "never-was")
    made.problem(400, "parameter_empty", "search.search", q=" ")


def test_a_key_that_there_is_not(made):
    stranger = made.another(token="hpr_aaaaaaaa_" + "a" * 43)
    made.problem(401, "key_invalid", "clusters.list_clusters", client=stranger)


def test_a_key_without_the_scope(made):
    narrow = made.another(token=made.keys["investors"])
    made.problem(403, "scope_missing", "clusters.list_clusters", client=narrow)
    made.problem(403, "scope_missing", "clusters.read_clusters", "tien-cuong-ii", client=narrow)
    assert made.call("investors.list_investors", client=narrow).results


def test_what_is_asked_for_in_another_form_or_at_too_great_a_length(made):
    other = made.another(headers={"Accept": "text/html"})
    made.problem(406, "not_acceptable", "clusters.list_clusters", client=other)
    made.problem(414, "uri_too_long", "clusters.list_clusters", search="a" * 8001)
    long = made.another(headers={"X-Long": "a" * 8300})
    made.problem(431, "headers_too_large", "clusters.list_clusters", client=long)


def test_what_no_operation_sends_is_refused_as_the_client_knows_it(made):
    large = {"method": "GET", "content": bytes(LARGEST_CONTENT + 1)}
    for status, code, sent in (
        (405, "method_not_allowed", {"method": "POST"}),
        (413, "content_too_large", large),
    ):
        refused = made.client.get_httpx_client().request(url="/api/v1/clusters/", **sent)
        problem = made.module("models").Problem.from_dict(refused.json())
        assert (refused.status_code, problem.status, problem.code) == (status, status, code)


def test_what_was_withdrawn_and_one_request_too_many(made, tmp_path):
    """At a registry of its own: the others would hear of both."""
    folder = tmp_path / "registry"
    shutil.copytree(made.folder, folder, ignore=shutil.ignore_patterns(NAME, "log-*"))
    done(folder, WITHDRAWN)
    with (
        served(folder, REQUESTS_PER_MINUTE="2") as address,
        made.another(address, made.keys["clusters"]) as client,
    ):
        made.problem(410, "record_withdrawn", "clusters.read_clusters", "giang-bien", client=client)
        history = made.call("clusters.read_clusters_history", "giang-bien", client=client)
        assert [entry.news.value for entry in history.results] == ["withdrawn", "published"]
        made.problem(429, "too_many_requests", "clusters.list_clusters", client=client)


def operations(made: Made) -> set[str]:
    """The client's operations, as files tell."""
    package = made.module("api")
    return {
        found.name.removeprefix(f"{NAME}.api.")
        for found in pkgutil.walk_packages(package.__path__, f"{NAME}.api.")
        if not found.ispkg and inspect.isfunction(importlib.import_module(found.name).sync_detailed)
    }


def test_every_operation_is_called_by_a_test_of_this_module(made):
    """Read from the module: other tests of it may run in another process."""
    named = re.findall(r'"([a-z{}]+\.[a-z_{}]+)"', Path(__file__).read_text(encoding="utf-8"))
    assert operations(made) - {name.replace("{kind}", kind) for name in named for kind in KINDS} == set()
