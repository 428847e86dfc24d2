"""The page of security events, and what is noted by the doors that make them."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from registry.ledger.context import acting_as
from registry.ledger.security_events import note
from registry.models import SecurityEvent
from registry.queries.telling import people
from tests.admin.browsing import said, text_of
from tests.admin.office import Office, person, signed_in
from tests.admin.test_logging_in import PASSWORD, WRONG, aged, fail, is_in, log_in

pytestmark = pytest.mark.django_db

EVENTS = "/admin/registry/securityevent/"


@pytest.fixture
def auditor(db) -> Client:
    return signed_in(person("kiem-toan", "Kiểm toán"))


@pytest.fixture
def lan(db) -> User:
    return person("lan", "Nhập liệu", PASSWORD, first_name="Lan", last_name="Trần")


def kinds() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", "account", "detail"))


def test_a_failure_names_the_account_and_never_what_was_typed_where_no_account_is(lan):
    log_in(password=WRONG)
    log_in(name="Mật-khẩu-gõ-nhầm-ô", password=WRONG)
    lan.is_active = False
    lan.save()
    log_in()
    assert kinds() == [
        ("login_failed", "lan", "password"),
        ("login_failed", "", "unknown"),
        ("login_failed", "lan", "closed"),
    ]
    kept = [value for event in SecurityEvent.objects.all() for value in vars(event).values()]
    assert not any(word in str(value) for value in kept for word in ("gõ-nhầm", WRONG, PASSWORD))
    assert {event.address for event in SecurityEvent.objects.all()} == {"10.0.0.7"}


def test_an_account_that_may_not_enter_is_noted_too(lan):
    lan.is_staff = False
    lan.save()
    assert log_in().status_code == 200
    assert kinds() == [("login_failed", "lan", "not_staff")]


def test_a_lock_out_is_noted_once_however_often_somebody_tries_again(lan):
    fail()
    fail(3)
    found = [kind for kind, _, _ in kinds()]
    assert found == [*["login_failed"] * settings.AXES_FAILURE_LIMIT, "locked_out"]


def test_whoever_guesses_does_not_fill_the_log(lan, monkeypatch):
    monkeypatch.setattr("registry.admin.log_ins.MOST_FAILURES", 3)
    for turn in range(6):
        log_in(name=f"ai-do-{turn}", password=WRONG)
    assert [kind for kind, _, _ in kinds()] == [*["login_failed"] * 3, "many_failures"]
    log_in(name="ai-do", password=WRONG, address="10.0.0.8")
    assert kinds()[-1][0] == "login_failed"


@pytest.mark.parametrize("network", ["2a00:1450:1:2", "2a00:1450:0:0", "2a00:1450:1:0"])
def test_nor_from_all_the_addresses_that_one_sender_has(lan, monkeypatch, network):
    monkeypatch.setattr("registry.admin.log_ins.MOST_FAILURES", 3)
    for host in ("0:0:0:1", "0:0:0:2", "1:0:0:1", "0:1:2:3", "1:2:3:4", "ffff:0:0:0"):
        log_in(name=f"ai-do-{host}", password=WRONG, address=f"{network}:{host}")
    assert [kind for kind, _, _ in kinds()] == [*["login_failed"] * 3, "many_failures"]
    log_in(name="ai-do", password=WRONG, address="2a00:1450:1:3::1")
    assert kinds()[-1][0] == "login_failed"


def test_a_superuser_releases_an_account_and_it_is_noted(lan):
    User.objects.create_superuser("quan-tri", password=PASSWORD)
    root = signed_in(User.objects.get(username="quan-tri"))
    fail()
    sent = {"action": "release", "_selected_action": [str(lan.pk)]}
    answer = root.post("/admin/auth/user/", sent)
    assert said(answer) == ["Đã mở khóa đăng nhập: lan."]
    assert SecurityEvent.objects.get(kind="lock_released").account == "lan"
    assert log_in().status_code == 302
    again = root.post("/admin/auth/user/", {**sent, "_selected_action": [str(lan.pk)]})
    assert said(again)[-1] == "Không tài khoản nào trong số đã chọn đang bị khóa."


def test_a_command_that_releases_is_noted_too(lan, auditor):
    fail()
    call_command("axes_reset_ip", "10.0.0.7", verbosity=0)
    event = SecurityEvent.objects.get(kind="lock_released")
    assert (event.actor, event.account, event.detail) == ("system", "", "10.0.0.7")
    assert "mở khóa đăng nhập cho mọi tài khoản ở địa chỉ 10.0.0.7." in text_of(auditor.get(EVENTS))
    assert log_in().status_code == 302


def test_a_session_that_ends_by_itself_says_why(lan):
    client = signed_in(lan)
    assert not is_in(aged(client, seen=60))
    event = SecurityEvent.objects.get(kind="session_ended")
    assert (event.actor, event.detail) == ("lan", "idle")


def test_a_password_that_is_set_is_noted_when_it_is_kept(lan, django_capture_on_commit_callbacks):
    client = signed_in(lan)
    new = "mot-mat-khau-moi-rat-dai"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/admin/password_change/", sent).status_code == 302
    assert SecurityEvent.objects.get(kind="password_set").account == "lan"
    assert not any(new in str(vars(event)) for event in SecurityEvent.objects.all())


def test_what_is_refused_for_lack_of_a_right_is_noted_with_the_page(office: Office):
    assert office.clerk_client.get(f"{EVENTS}?person=ai-do").status_code == 403
    event = SecurityEvent.objects.get(kind="refused")
    assert (event.actor, event.detail) == ("van-thu", f"GET {EVENTS}")
    assert event.request


def test_what_somebody_puts_into_an_address_is_not_noted(office: Office):
    """Events cannot be changed: a name in one would stay whatever the law says."""
    page = office.clerk_client.get("/admin/auth/user/Trần Thị Bưởi/change/")
    assert page.status_code == 403
    assert SecurityEvent.objects.get(kind="refused").detail == "GET /admin/auth/user/<path:object_id>/change/"


def test_the_page_says_each_event_in_a_sentence_and_finds_by_person_kind_day_and_address(auditor, lan):
    log_in(password=WRONG)
    log_in(address="10.0.0.8")
    page = text_of(auditor.get(EVENTS))
    assert "Đăng nhập không được vào tài khoản Trần Lan: sai mật khẩu." in page
    assert "Trần Lan đăng nhập." in page
    only = text_of(auditor.get(EVENTS, {"address": "10.0.0.8"}))
    assert "Trần Lan đăng nhập." in only
    assert "sai mật khẩu." not in only
    for person_typed in ("lan", "Trần Lan", "tran lan"):
        asked = {"person": person_typed, "kind": "login_failed"}
        assert "sai mật khẩu." in text_of(auditor.get(EVENTS, asked))
    assert "Không có sự kiện nào khớp" in text_of(auditor.get(EVENTS, {"person": "Trần"}))
    assert "Không có sự kiện nào khớp" in text_of(auditor.get(EVENTS, {"until": "01/01/2020"}))
    assert "sai mật khẩu." in text_of(auditor.get(EVENTS, {"since": "01/01/2020"}))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"address": "nhà"}, "Đây không phải địa chỉ mạng"),
        ({"since": "hôm qua"}, "Hãy ghi ngày như 21/11/2026"),
        ({"kind": "x"}, "Không có lựa chọn này"),
        ({"since": "02/01/2026", "until": "01/01/2026"}, "“Đến” phải từ “Từ” trở đi."),
        ({"before": "9" * 40}, "Trang chủ"),
        ({"before": "-1"}, "Trang chủ"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_it(auditor, asked, answer):
    page = auditor.get(EVENTS, asked)
    assert page.status_code == 200
    assert answer in text_of(page)


def test_the_page_goes_on_by_number_and_asks_no_more_for_more(auditor, django_assert_max_num_queries):
    with acting_as("lan", "req-12345678", "10.0.0.7"):
        for _ in range(120):
            note("logged_in", account="lan")
    with django_assert_max_num_queries(15):
        first = auditor.get(EVENTS, {"person": "lan"})
    older = first.context["older"]
    second = auditor.get(f"{EVENTS}{older}")
    third = auditor.get(f"{EVENTS}{second.context['older']}")
    rows = [row["event"].pk for page in (first, second, third) for row in page.context["rows"]]
    assert len(rows) == len(set(rows)) == 120
    assert rows == sorted(rows, reverse=True)
    assert "older" not in third.context


def test_what_a_page_shows_escapes_what_was_sent(auditor, office: Office):
    office.clerk_client.get("/admin/auth/user/<script>/change/")
    note("refused", detail="GET /admin/<script>alert(1)</script>")
    assert "<script>alert" not in auditor.get(EVENTS).content.decode()


def test_prometheus_counts_what_is_noted(lan, settings):
    settings.METRICS_TOKEN = "prometheus-0123456789"

    def counted() -> float:
        page = Client().get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
        name = 'registry_security_events_total{kind="login_failed"} '
        lines = page.content.decode().splitlines()
        return float(next((line.removeprefix(name) for line in lines if line.startswith(name)), 0))

    before = counted()
    log_in(password=WRONG)
    assert counted() == before + 1


@pytest.mark.parametrize("name", ["system", "Seed", "anonymous"])
def test_nobody_gets_a_name_that_the_ledger_writes_for_machines(admin_client, name):
    typed = {"username": name, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post("/admin/auth/user/add/", typed)

    assert "chọn tên khác" in response.content.decode()
    assert not User.objects.filter(username=name).exists()


@pytest.mark.parametrize("name", ["system", "Anonymous", "\uff53eed"])
def test_nor_by_the_command_that_makes_the_first_account(db, monkeypatch, name):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="Hãy chọn tên khác"):
        call_command("createsuperuser", interactive=False, username=name, email="", verbosity=0)
    assert not User.objects.exists()


def test_what_a_machine_did_is_never_told_as_the_doing_of_an_account(db):
    User.objects.create_user("system", last_name="Nguyễn", first_name="An")  # by a command, or from before

    assert people(["system"]) == {"system": "Hệ thống"}


@pytest.mark.parametrize("asked", [{"since": "01/01/0001"}, {"until": "31/12/9999"}])
def test_a_day_that_has_no_moment_is_refused_beside_it(auditor, asked):
    response = auditor.get(EVENTS, asked)

    assert response.status_code == 200
    assert "Hãy ghi ngày như 21/11/2026." in text_of(response)
