"""The steps of a record on its way to the public: who may take each, when, and what it does."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import reverse

from registry import clock
from registry.actions.publish import APPROVE, publish, withdraw
from registry.actions.review import discard, return_for_changes, submit
from registry.admin.fields import KeptForm
from registry.models import Decision
from registry.models.base import Subject
from registry.queries.consequences import consequences
from registry.queries.differences import Section, differences
from registry.queries.history import people
from registry.queries.published import said_text
from registry.queries.references import readers_of, unpublished_references
from registry.queries.reviews import Review, review_of, reviews
from registry.queries.second_looks import about, about_sources
from registry.rules import codes
from registry.rules.canonical import upcast


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands, and what this person may do about it."""

    subject: Subject
    review: Review
    username: str
    may_edit: bool
    may_approve: bool

    @classmethod
    def of(cls, model_admin: ModelAdmin, request: HttpRequest, subject: Subject) -> "Standing":
        return cls(
            subject=subject,
            review=review_of(subject),
            username=request.user.get_username(),
            may_edit=model_admin.has_change_permission(request, subject),
            may_approve=request.user.has_perm(APPROVE),
        )

    @property
    def state_label(self) -> str:
        return codes.REVIEW_STATE.vi(self.review.state)

    @property
    def submitted(self) -> bool:
        return self.review.state == "submitted"

    @property
    def withdrawal_asked(self) -> bool:
        return self.submitted and self.review.submission is not None and self.review.submission.withdrawal

    @property
    def is_public(self) -> bool:
        return self.review.statement is not None and not self.review.statement.withdrawn

    @property
    def says_something_new(self) -> bool:
        return not self.is_public or said_text(self.review.statement) != self.review.text  # type: ignore[arg-type]

    @property
    def two_people(self) -> bool:
        return self.subject.kind in settings.TWO_PERSON_KINDS

    @property
    def proposer(self) -> str:
        submission = self.review.submission
        return submission.submitted_by if self.submitted and submission else self.username

    @property
    def names(self) -> dict[str, str]:
        submission = self.review.submission
        return people([submission.submitted_by, submission.returned_by]) if submission else {}

    @property
    def submitted_by(self) -> str:
        return self.names.get(self.review.submission.submitted_by, "") if self.review.submission else ""

    @property
    def returned_by(self) -> str:
        return self.names.get(self.review.submission.returned_by, "") if self.review.submission else ""

    @property
    def steps(self) -> list["Step"]:
        return [step for step in STEPS if step.permitted(self) and step.possible(self)]

    @property
    def buttons(self) -> list[dict[str, object]]:
        return [{"label": step.label, "danger": step.danger, "url": step.url(self)} for step in self.steps]

    @property
    def difference(self) -> list[Section]:
        """What the working content would change of what the public sees. Empty for what was never published."""
        if not self.review.ever_published:
            return []
        return _difference([(self.subject, self.review)])[0]

    @property
    def model_name(self) -> str:
        return self.subject._meta.model_name or ""


def _difference(subjects: Iterable[tuple[Subject, Review]]) -> list[list[Section]]:
    pairs = []
    for subject, review in subjects:
        said = review.statement if review.statement and not review.statement.withdrawn else None
        before = upcast(subject.kind, said.content_version, json.loads(said.content)) if said else None
        pairs.append((subject.kind, before, json.loads(review.text)))
    return differences(pairs)


def _text(label: str, help_text: str = "", *, required: bool = False, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        error_messages={"required": missing} if missing else None,
    )


class StepForm(KeptForm, forms.Form):
    """Fields stand under their labels, errors beside them."""


class SubmitForm(StepForm):
    note = _text("Ghi chú cho người duyệt", "Không bắt buộc, không công bố.")


class ProposeForm(StepForm):
    note = _text(
        "Lý do đề nghị rút", "Không công bố.", required=True, missing="Hãy ghi lý do đề nghị rút công bố."
    )


class ReturnForm(StepForm):
    comment = _text(
        "Ý kiến", "Người nhập sẽ đọc ý kiến này.", required=True,
        missing="Hãy ghi ý kiến để người nhập biết cần sửa gì.",
    )  # fmt: skip


class ApproveForm(StepForm):
    reason = _text("Lý do", "Không bắt buộc, chỉ ghi trong sổ cái.")
    note = _text("Ghi chú công khai", "Không bắt buộc. Người đọc bên ngoài thấy ghi chú này.")


class WithdrawForm(StepForm):
    reason = _text("Lý do rút", "Không công bố.", required=True, missing="Hãy ghi lý do rút công bố.")
    note = _text(
        "Ghi chú công khai", "Không bắt buộc. Người đọc bên ngoài thấy ghi chú này thay cho nội dung."
    )


class DiscardForm(StepForm):
    reason = _text("Lý do", "Không bắt buộc, chỉ ghi trong sổ cái.")


@dataclass(frozen=True, slots=True)
class Companion:
    """A record that readers cannot see yet and that the approved one names: published in the same act if checked."""

    subject: Subject
    review: Review
    sections: list[Section]
    checked: bool

    @property
    def kind_label(self) -> str:
        return str(self.subject._meta.verbose_name)

    @property
    def model_name(self) -> str:
        return self.subject._meta.model_name or ""


@dataclass(slots=True)
class Sight:
    """What a page shows beside its form: the difference, the records that would be published along, and for
    a decision what deserves a second look and what the clusters' answers become.
    """

    sections: list[Section] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    second_looks: list[str] = field(default_factory=list)
    consequences: list[str] = field(default_factory=list)


class Step:
    """One step. `permitted`: this person may take it at all; `possible`: the record is where it can be taken."""

    slug: ClassVar[str]
    label: ClassVar[str]
    form: ClassVar[type[StepForm]]
    danger: ClassVar[bool] = False
    intro: ClassVar[str] = ""
    #: refused when the record has changed since the page was opened, whatever its state
    acts_on_what_was_seen: ClassVar[bool] = False

    def permitted(self, at: Standing) -> bool:
        raise NotImplementedError

    def possible(self, at: Standing) -> bool:
        raise NotImplementedError

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        """Act, and say in a sentence what was done. Raises Problem."""
        raise NotImplementedError

    def initial(self, at: Standing) -> dict[str, str]:
        return {}

    def sight(self, at: Standing, request: HttpRequest) -> Sight:
        return Sight()

    def url(self, at: Standing) -> str:
        return reverse(f"admin:registry_{at.model_name}_{self.slug.replace('-', '_')}", args=[at.subject.pk])


class Submit(Step):
    slug, label, form = "submit", "Trình duyệt", SubmitForm
    acts_on_what_was_seen = True
    intro = "Người duyệt sẽ thấy đúng nội dung này. Nếu ai sửa tiếp sau khi trình thì phải trình lại."

    def permitted(self, at: Standing) -> bool:
        return at.may_edit

    def possible(self, at: Standing) -> bool:
        return at.says_something_new and not at.submitted

    def sight(self, at: Standing, request: HttpRequest) -> Sight:
        looks = [*about(at.subject), *about_sources(at.subject)]
        return Sight(_difference([(at.subject, at.review)])[0], second_looks=looks)

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        submit(at.subject, by=at.username, at=clock.now(), note=data["note"])
        return f"Đã trình “{at.subject}” để duyệt."


class Approve(Step):
    slug, label, form = "approve", "Duyệt và công bố", ApproveForm
    intro = "Sau khi duyệt, mọi người đọc thấy nội dung dưới đây."

    def permitted(self, at: Standing) -> bool:
        return at.may_approve

    def possible(self, at: Standing) -> bool:
        if at.submitted:
            return not at.withdrawal_asked
        return at.says_something_new and not at.two_people

    def sight(self, at: Standing, request: HttpRequest) -> Sight:
        companions = _companions(at.subject)
        shown = _difference([(at.subject, at.review), *companions])
        chosen = request.POST.getlist("with") if request.method == "POST" else None
        return Sight(
            shown[0],
            [
                # What somebody withdrew comes back only when it is chosen on purpose.
                Companion(
                    subject,
                    review,
                    sections,
                    subject.key in chosen if chosen is not None else not review.withdrawn,
                )
                for (subject, review), sections in zip(companions, shown[1:], strict=True)
            ],
            *_outlook(at.subject, [subject for subject, _ in companions]),
        )

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        chosen = set(request.POST.getlist("with"))
        subjects = [at.subject, *(other for other, _ in _companions(at.subject) if other.key in chosen)]
        publication = publish(
            subjects, proposed_by=at.proposer, approved_by=at.username, at=clock.now, today=clock.today(),
            reason=data["reason"], note=data["note"],
            seen={subject.key: request.POST.get(f"seen-{subject.key}", "") for subject in subjects},
        )  # fmt: skip
        also = f" và {len(subjects) - 1} bản ghi đi cùng" if len(subjects) > 1 else ""
        return f"Đã công bố “{at.subject}”{also} (lần công bố số {publication.seq})."


class Return(Step):
    slug, label, form = "return", "Trả lại", ReturnForm

    def permitted(self, at: Standing) -> bool:
        return at.may_approve

    def possible(self, at: Standing) -> bool:
        return at.submitted

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        return_for_changes(at.subject, by=at.username, at=clock.now(), comment=data["comment"])
        return f"Đã trả lại “{at.subject}” kèm ý kiến."


class ProposeWithdrawal(Step):
    slug, label, form = "propose-withdrawal", "Đề nghị rút công bố", ProposeForm
    intro = "Người duyệt quyết định. Đến khi đó người đọc vẫn thấy bản ghi."

    def permitted(self, at: Standing) -> bool:
        return at.may_edit or (at.may_approve and at.two_people)

    def possible(self, at: Standing) -> bool:
        return at.is_public and not at.submitted

    def sight(self, at: Standing, request: HttpRequest) -> Sight:
        return Sight(second_looks=_left_without_name(at.subject))

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        submit(at.subject, by=at.username, at=clock.now(), note=data["note"], withdrawal=True)
        return f"Đã đề nghị rút công bố “{at.subject}”."


class Withdraw(Step):
    slug, label, form, danger = "withdraw", "Rút công bố", WithdrawForm, True
    intro = "Từ khi rút, người đọc không còn thấy bản ghi. Những gì đã công bố trước đó vẫn tra được theo thời điểm."

    def permitted(self, at: Standing) -> bool:
        return at.may_approve

    def possible(self, at: Standing) -> bool:
        return at.is_public and (at.withdrawal_asked or (not at.two_people and not at.submitted))

    def initial(self, at: Standing) -> dict[str, str]:
        return {"reason": at.review.submission.note} if at.withdrawal_asked and at.review.submission else {}

    def sight(self, at: Standing, request: HttpRequest) -> Sight:
        return Sight(second_looks=_left_without_name(at.subject))

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        publication = withdraw(
            [at.subject], proposed_by=at.proposer, approved_by=at.username, at=clock.now, today=clock.today(),
            reason=data["reason"], note=data["note"],
        )  # fmt: skip
        return f"Đã rút công bố “{at.subject}” (lần công bố số {publication.seq})."


class Discard(Step):
    slug, label, form, danger = "discard", "Xóa bản nháp", DiscardForm, True
    acts_on_what_was_seen = True
    intro = "Bản nháp chưa từng công bố bị xóa cùng các dòng bên trong. Sổ cái vẫn giữ mọi nội dung đã nhập."

    def permitted(self, at: Standing) -> bool:
        return at.may_edit

    def possible(self, at: Standing) -> bool:
        return not at.review.ever_published

    def take(self, at: Standing, data: dict[str, str], request: HttpRequest) -> str:
        named = str(at.subject)
        discard(at.subject, by=at.username, reason=data["reason"])
        return f"Đã xóa bản nháp “{named}”."


STEPS: tuple[Step, ...] = (Approve(), Return(), Submit(), ProposeWithdrawal(), Withdraw(), Discard())


def _outlook(subject: Subject, along: list[Subject]) -> tuple[list[str], list[str]]:
    looks = [*about(subject), *about_sources(subject)]
    return looks, consequences(subject, along) if isinstance(subject, Decision) else []


def _left_without_name(subject: Subject) -> list[str]:
    readers = readers_of(subject)
    if not readers:
        return []
    named = ", ".join(f"“{reader}”" for reader in readers[:5]) + (
        " và các bản ghi khác" if len(readers) > 5 else ""
    )
    return [
        f"{len(readers)} bản ghi đang công bố nhắc tới bản ghi này và sẽ không còn hiện tên của nó: {named}."
    ]


def _companions(subject: Subject) -> list[tuple[Subject, Review]]:
    """Everything that must be public for the subject to be, however far away."""
    found: list[Subject] = []
    while missing := unpublished_references([subject, *found]):
        found += missing
    standing = {
        kind: reviews(kind, [other.pk for other in found if other.kind == kind])
        for kind in {o.kind for o in found}
    }
    return [(other, standing[other.kind][other.pk]) for other in found]
