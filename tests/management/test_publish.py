import pytest
from django.contrib.auth.models import User

from registry.ledger.context import recorded
from registry.models import Investor, LedgerEntry, Publication
from tests.management.calling import Ended, manage
from tests.world import World, clerk, leader

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db) -> Investor:
    clerk("lan")
    leader("hung")
    with recorded(actor="lan"):
        return Investor.objects.create(name="Công ty A")


def publish(*subjects: str, by: str = "lan", approved_by: str = "hung") -> Ended:
    return manage("publish", "--proposed-by", by, "--approved-by", approved_by, *subjects)


def test_it_prints_the_number_of_the_publication_alone(seeded: World, draft: Investor):
    ended = publish("investor:cong-ty-a")
    assert (ended.code, ended.out, ended.err) == (0, "2\n", "")
    publication = Publication.objects.get(seq=2)
    assert (publication.proposed_by, publication.approved_by) == ("lan", "hung")


def test_several_records_named_twice_are_one_act(draft: Investor):
    Investor.objects.create(name="Công ty B")
    assert publish("investor:cong-ty-a", "investor:cong-ty-b", "investor:cong-ty-a").out == "1\n"
    assert Publication.objects.get().statements.count() == 2


def test_the_reason_stands_in_the_ledger(draft: Investor):
    ended = manage(
        "publish", "--proposed-by", "lan", "--approved-by", "hung", "--reason", "Theo tờ trình 12",
        "investor:cong-ty-a",
    )  # fmt: skip
    assert ended.code == 0
    entry = LedgerEntry.objects.filter(table_name="registry_publication").get()
    assert (entry.actor, entry.reason) == ("hung", "Theo tờ trình 12")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"subjects": ["investor:khong-co"]}, "subject_unknown"),
        ({"subjects": ["thing:cong-ty-a"]}, "subject_unknown"),
        ({"subjects": ["cong-ty-a"]}, "subject_unknown"),
        ({"by": "ai-do"}, "proposer_unknown"),
        ({"by": "da-nghi"}, "proposer_unknown"),
        ({"approved_by": "ai-do"}, "approver_unknown"),
        ({"approved_by": "lan"}, "approver_not_allowed"),
    ],
)
def test_a_refusal_is_exit_code_one_with_code_and_sentence(draft: Investor, call, code):
    User.objects.create_user("da-nghi", is_active=False)
    subjects = call.pop("subjects", ["investor:cong-ty-a"])
    ended = publish(*subjects, **call)
    assert (ended.code, ended.out) == (1, "")
    assert f"{code} · " in ended.err
    assert not Publication.objects.exists()


def test_nobody_approves_a_decision_that_they_proposed_or_changed(seeded: World, draft: Investor):
    with recorded(actor="hung"):
        decision = seeded.decision(607)
        decision.abstract = "Về việc thành lập cụm"
        decision.save()
    key = f"decision:{decision.code}"
    assert "approver_changed_the_record · " in publish(key).err
    assert "approver_is_proposer · " in publish(key, by="hung").err
    leader("minh")
    assert publish(key, approved_by="minh").out == "2\n"


def test_publishing_what_was_said_already_is_refused(seeded: World, draft: Investor):
    ended = publish("cluster:giang-bien")
    assert (ended.code, "nothing_to_publish · " in ended.err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["investor:cong-ty-a"],
        ["--proposed-by", "lan", "investor:cong-ty-a"],
        ["--proposed-by", "lan", "--approved-by", "hung"],
    ],
)
def test_a_wrong_call_is_exit_code_two(arguments):
    assert manage("publish", *arguments).code == 2
