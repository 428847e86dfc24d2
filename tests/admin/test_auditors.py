"""Auditors read all and change nothing: every page and every button of the admin, asked as one."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.db import connections, router
from django.urls import URLPattern, URLResolver, get_resolver

from registry import clock
from registry.actions.api_keys import create_api_key, create_partner
from registry.actions.webhooks import subscribe
from registry.ledger.entries import head
from registry.models import Cluster, SecurityEvent, Webhook
from tests.admin.browsing import fields_of, text_of
from tests.admin.office import Office, person, signed_in

pytestmark = pytest.mark.django_db

#: What reading may leave behind: who asks, what was refused, and nothing else.
PASSING = {"django_session", "registry_securityevent", "django_migrations", "sqlite_sequence"}


@pytest.fixture
def auditor(office: Office) -> User:
    return person("kiem-toan", "Kiểm toán", "mat-khau-thu-rat-dai")


@pytest.fixture
def partner(office: Office):
    """A partner with a key and a webhook: what leaders keep."""
    now = clock.now()
    partner = create_partner("Ngân hàng A", contact="lan@ngan-hang.example", purpose="Tra cứu")
    create_api_key(partner, at=now, expires_at=now + timedelta(days=30))
    webhook = Webhook(partner=partner, name="máy chủ", url="https://nhan.example/tin", scopes="clusters")
    subscribe(webhook, at=now)
    return partner


def everything() -> dict[str, str]:
    """What each table holds, hashed."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in PASSING:
            continue
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
        found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def addresses() -> list[str]:
    """Every address of the admin, with the number of a row where one belongs."""

    def of(patterns, before: str = ""):
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from of(one.url_patterns, route)
            elif isinstance(one, URLPattern):
                yield route

    admin = next(p for p in get_resolver().url_patterns if str(p.pattern) == "admin/")
    models = {f"admin/{m._meta.app_label}/{m._meta.model_name}/": m for m in site._registry}
    found = []
    for route in of(admin.url_patterns, "admin/"):
        model = next((model for start, model in models.items() if route.startswith(start)), None)
        first = model._default_manager.first() if model else None
        number = str(first.pk) if first else "1"
        plain = re.sub(r"<\w*:?(object_id|pk|seq|id)>", number, route)
        plain = re.sub(r"<\w*:?\w+>", "stop", plain).replace("\\Z", "").replace("^", "").replace("$", "")
        plain = re.sub(r"\(\?P<\w+>[^)]*\)", "registry", plain)
        if "logout" not in plain and "password_change" not in plain and "login" not in plain:
            found.append(f"/{plain}")
    return sorted(set(found))


def test_no_page_and_no_button_of_the_admin_lets_an_auditor_change_anything(
    office: Office, auditor: User, partner
):
    cluster, other = (
        Cluster.objects.create(name="Cụm chưa có gì"),
        create_partner("Chưa có khóa", contact="a", purpose="b"),
    )
    empty = [f"/admin/registry/{one._meta.model_name}/{one.pk}/change/" for one in (cluster, other)]
    client, before, entry = signed_in(auditor), everything(), head()
    walked, opened = [*addresses(), *empty], 0
    assert len(walked) > 150
    for address in walked:
        page = client.get(address)
        assert page.status_code in {200, 301, 302, 400, 403, 404, 405}, (address, page.status_code)
        opened += page.status_code == 200
        if page.status_code == 200 and not page.streaming:
            assert re.findall(r'href="([^"]*/add/[^"]*)"', page.content.decode()) == [], address
        model = next((m for m in site._registry if f"/{m._meta.model_name}/" in address), None)
        actions = {}
        if model is not None:
            names = site._registry[model].get_actions(page.wsgi_request) if page.status_code == 200 else {}
            first = model._default_manager.first()
            actions = {"_selected_action": [str(first.pk) if first else "1"], "index": "0"}
            every = {*names, *(getattr(site._registry[model], "actions", None) or ()), "delete_selected"}
        sent = [{}, {"_save": "1"}]
        if page.status_code == 200 and page.content.count(b'method="post"') > 1:  # one is to log out
            sent += [{**fields_of(page), **typed} for typed in ({"_save": "1"}, {"reason": "x", "seen": "0"})]
        if actions:
            sent += [{**actions, "action": getattr(name, "__name__", name)} for name in every]
        for data in sent:
            answer = client.post(address, data)
            assert answer.status_code < 500, (address, data, answer.status_code)
    assert opened > 50
    assert head() == entry
    after = everything()
    assert [table for table in before if before[table] != after[table]] == []
    assert SecurityEvent.objects.filter(kind="refused", actor="kiem-toan").exists()


def test_an_auditor_sees_drafts_histories_the_log_keys_accounts_and_no_secret(
    office: Office, auditor: User, partner
):
    client = signed_in(auditor)
    front = text_of(client.get("/admin/"))
    assert "Bạn không sửa được gì" in front
    assert "Nhập quyết định mới" not in front
    decision = f"/admin/registry/decision/{office.decision.pk}/"
    for address in (f"{decision}change/", f"{decision}history/", "/admin/log/", "/admin/auth/group/"):
        assert client.get(address).status_code == 200, address
    key = partner.keys.get()
    for address in (f"/admin/registry/apikey/{key.pk}/change/", f"/admin/auth/user/{auditor.pk}/change/"):
        page = client.get(address)
        assert page.status_code == 200
        for secret in (key.digest, auditor.password, "argon2"):
            assert secret not in page.content.decode()
        assert 'type="submit" value="Lưu"' not in page.content.decode()


def test_an_auditor_changes_nothing_though_in_other_groups_too(office: Office, auditor: User):
    auditor.groups.add(Group.objects.get(name="Nhập liệu"), Group.objects.get(name="Duyệt"))
    client = signed_in(auditor)
    assert client.get("/admin/registry/decision/add/").status_code == 403
    assert User.objects.get(pk=auditor.pk).has_perm("registry.view_webhookdelivery")
    assert not User.objects.get(pk=auditor.pk).has_perm("registry.approve")


def test_the_front_page_of_an_auditor_is_nobody_elses(office: Office):
    assert "Kiểm toán" not in text_of(office.clerk_client.get("/admin/"))
    assert office.clerk_client.get("/admin/registry/securityevent/").status_code == 403
