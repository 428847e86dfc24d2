"""A small world for the tests of the admin: a clerk, a leader, one paper and what it names."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from registry.ledger.context import recorded
from registry.models import Authority, Cluster, Decision, Effect, Investor, SourceDocument

AT = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def person(username: str, group: str, password: str | None = None, **names: str) -> User:
    user = User.objects.create_user(username, password=password, is_staff=True, **names)
    user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class Office:
    """The working rows of decision 1013, made by the clerk, nothing published."""

    def __init__(self) -> None:
        self.clerk = person("van-thu", "Nhập liệu", first_name="An", last_name="Nguyễn")
        self.leader = person("lanh-dao", "Duyệt", first_name="Bình", last_name="Trần")
        with recorded(actor="van-thu", reason="Nhập từ văn bản"):
            self.ubnd = Authority.objects.create(
                code="ubnd-tp", name="Ủy ban nhân dân thành phố Hải Phòng", level="city", number_symbol="UBND"
            )
            self.cluster = Cluster.objects.create(code="giang-bien", name="Giang Biên")
            self.developer = Investor.objects.create(code="cong-ty-a", name="Công ty A")
            self.source = SourceDocument.objects.create(code="bao-a", name="Bài báo A")
            self.decision = Decision.objects.create(
                number=1013,
                symbol="QĐ-UBND",
                issuer=self.ubnd,
                issued_earliest=date(2022, 3, 31),
                issued_latest=date(2022, 3, 31),
                issued_stated_as="31/3/2022",
            )
            self.effect = Effect.objects.create(
                decision=self.decision,
                position=1,
                cluster=self.cluster,
                effect_code="established",
                as_stated="thành lập",
                area_ha="47.8",
                developer=self.developer,
            )
        self.clerk_client, self.leader_client = signed_in(self.clerk), signed_in(self.leader)


def url(subject: Any, page: str = "change") -> str:
    base = f"/admin/registry/{subject._meta.model_name}/{subject.pk}/"
    return base + (f"{page}/" if page else "")
