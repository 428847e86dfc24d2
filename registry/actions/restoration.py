"""A record brought back to what it was: a change like any other, judged by the rules of today."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError

from registry.ledger.context import recorded
from registry.models import SUBJECTS
from registry.models.base import LAST_POSITION, Subject
from registry.queries.as_it_was import Past, Rows, columns_of, content, rows_now
from registry.queries.contents import children_of
from registry.queries.facts import Model, names_in, plain_rows, title
from registry.queries.history import people
from registry.queries.reviews import review_of
from registry.queries.then_and_now import choose, compare, keys_of
from registry.rules.completeness import cited_and_missing
from registry.rules.problems import Problem
from registry.rules.reasons import demanded

_DATABASE = (
    "Cơ sở dữ liệu không nhận nội dung khi đó: trùng hoặc trái một ràng buộc. "
    "Hãy bỏ chọn phần này và nhập bằng tay."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot be restored: a stable code, where, and a sentence that says what to do."""

    code: str
    where: str
    message: str


class NotRestorable(Problem):
    """The rules of today refuse what was: nothing is changed."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(dict.fromkeys(reasons))
        super().__init__(
            "restore_refused",
            "Chưa khôi phục gì: quy tắc hiện nay không nhận nội dung khi đó. Hãy xem từng lý do, bỏ chọn phần bị từ "
            "chối hoặc sửa chỗ nêu, rồi làm lại.",
        )


def restore(past: Past, *, by: str, reason: str, keys: Collection[str] | None = None) -> Subject:
    """Give the record back what it held then, as a draft: all of it, or the facts and rows chosen by their keys.

    A record that was deleted comes back with its own number and code. Rows come back with their numbers too: the
    databases never give a number twice. Links between two records may have others.
    Raises Problem: reason_missing, submitted_by_another, not_there_then, content_unreadable, nothing_to_restore,
    nothing_chosen; NotRestorable with its reasons.
    """
    reason = demanded(
        reason, "reason_missing", "Hãy ghi lý do khôi phục: lịch sử của bản ghi sẽ nêu lý do này."
    )
    with recorded(actor=by, reason=reason):
        refuse_at_once(past, by)
        now = rows_now(past.kind, past.pk)
        parts = compare(past, now)
        possible = keys_of(parts)
        if not possible:
            raise Problem(
                "nothing_to_restore", "Bản ghi hiện nay không khác gì lúc đó: không có gì để khôi phục."
            )
        chosen = possible if keys is None else [key for key in possible if key in keys]
        if not chosen:
            raise Problem("nothing_chosen", "Hãy chọn ít nhất một ô hoặc một dòng để khôi phục.")
        target = choose(past, now, parts, chosen)
        with transaction.atomic():
            _Writing(past, now, target).write()
        return cast(Subject, SUBJECTS[past.kind]._base_manager.get(pk=past.pk))


def refuse_at_once(past: Past, by: str) -> None:
    """What can be told before anything is chosen. Raises Problem: not_there_then, submitted_by_another."""
    model = SUBJECTS[past.kind]
    if not past.there:
        if (model, past.pk) in past.unreadable:
            raise Problem(
                "content_unreadable",
                "Nội dung của bản ghi lúc đó đã được bỏ khỏi sổ cái theo quy định, nên không khôi phục được. Hãy chọn "
                "thời điểm khác.",
            )
        raise Problem(
            "not_there_then",
            "Lúc đó chưa có bản ghi này, hoặc nó đang bị xóa, nên không có gì để khôi phục. Hãy chọn thời điểm khác.",
        )
    subject = model._base_manager.filter(pk=past.pk).first()
    if subject is None:
        return
    review = review_of(subject)
    if review.state == "submitted" and review.submission and review.submission.submitted_by != by:
        who = people([review.submission.submitted_by])[review.submission.submitted_by]
        raise Problem(
            "submitted_by_another",
            f"“{subject}” đang chờ duyệt theo đề nghị của {who}. Hãy chờ duyệt hoặc trả lại xong rồi khôi phục.",
        )


@dataclass(slots=True)
class _Step:
    """One row to be written or removed. `values` None: removed."""

    model: Model
    pk: int
    values: dict[str, Any] | None
    new: bool = False
    errors: tuple[Reason, ...] = ()


class _Writing:
    """Brings the tables from the rows of now to those that are wanted, in an order that the constraints allow."""

    def __init__(self, past: Past, now: Rows, target: Rows) -> None:
        self.past, self.now, self.target = past, now, target
        self.steps = list(_steps(now, target))
        self.names = names_in(self._contents())
        self.coming = {(step.model, step.pk) for step in self.steps if step.new}
        self.gone = self._gone()
        self.parked: set[tuple[Model, int]] = set()
        self.aside: set[int] = set()

    def write(self) -> None:
        waiting = self.steps
        while waiting:
            refused = [step for step in waiting if not self._take(step)]
            if len(refused) == len(waiting) and not self._make_room(refused):
                raise NotRestorable(reason for step in refused for reason in step.errors)
            # Numbers that moved up want one order, numbers that moved down the other.
            waiting = refused[::-1]
        self._check_whole()

    def _contents(self) -> list[tuple[Model, Any]]:
        found: list[tuple[Model, Any]] = []
        for rows in (self.now, self.target):
            if self.past.pk in rows[SUBJECTS[self.past.kind]]:
                inside = content(self.past.kind, self.past.pk, rows)
                found += plain_rows(SUBJECTS[self.past.kind], inside)
        return found

    def _gone(self) -> set[tuple[Model, int]]:
        """The records that rows to be written name and that are no longer. One query for each table."""
        wanted: dict[Model, set[int]] = {}
        for step in self.steps:
            for model, pk in _named(step):
                wanted.setdefault(model, set()).add(pk)
        missing = set()
        for model, ids in wanted.items():
            there = set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
            missing |= {(model, pk) for pk in ids - there}
        return missing - self.coming

    def _take(self, step: _Step) -> bool:
        """Whether it could be done now; if not, why stands in the step."""
        try:
            with transaction.atomic():
                if step.values is None:
                    step.errors = self._remove(step)
                else:
                    step.errors = self._put(step)
        except (IntegrityError, DataError):
            # What only the database knows.
            step.errors = (Reason("database_refused", self._where(step), _DATABASE),)
        return not step.errors

    def _remove(self, step: _Step) -> tuple[Reason, ...]:
        row = step.model._base_manager.filter(pk=step.pk).first()
        if row is None:
            return ()
        try:
            row.delete()
        except (ProtectedError, RestrictedError) as error:
            rows = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            users = ", ".join(f"“{user}”" for user in sorted(rows, key=str)[:3])
            return (
                Reason(
                    "still_referenced",
                    self._where(step),
                    f"Dòng này khi đó chưa có, nhưng nay còn được dùng ở {users}. Hãy sửa chỗ đó trước, hoặc bỏ chọn "
                    "dòng này.",
                ),
            )
        return ()

    def _put(self, step: _Step) -> tuple[Reason, ...]:
        assert step.values is not None
        if lost := [key for key in _named(step) if key in self.gone]:
            return tuple(self._reference_gone(step, key) for key in lost)
        if waits := [key for key in _named(step) if key in self.coming and key != (step.model, step.pk)]:
            model, pk = waits[0]
            return (Reason("row_waits", self._where(step), f"{model._meta.verbose_name} số {pk} chưa có."),)
        row = step.model(pk=step.pk) if step.new else step.model._base_manager.get(pk=step.pk)
        for column in columns_of(step.model):
            if column.column in step.values:
                setattr(row, column.attname, step.values[column.column])
        try:
            row.full_clean()
        except ValidationError as error:
            return tuple(self._reasons(step, error))
        row.save(force_insert=True) if step.new else row.save()
        self.coming.discard((step.model, step.pk))
        return ()

    def _reference_gone(self, step: _Step, key: tuple[Model, int]) -> Reason:
        name = self.names.get(key, f"{key[0]._meta.verbose_name} số {key[1]}")
        return Reason(
            "reference_gone",
            self._where(step),
            f"Khi đó ghi “{name}”, nay bản ghi ấy không còn. Hãy khôi phục hoặc nhập lại bản ghi ấy trước, hoặc bỏ "
            "chọn phần này.",
        )

    def _reasons(self, step: _Step, error: ValidationError) -> Iterator[Reason]:
        for name, errors in error.error_dict.items():
            for one in errors:
                text = "; ".join(one.messages)
                if name == "code" and one.code == "unique":
                    yield self._code_taken(step)
                    continue
                where = self._where(step)
                if name != NON_FIELD_ERRORS:
                    label = str(cast(Any, step.model._meta.get_field(name)).verbose_name)
                    where = (
                        f"{where} › {label[:1].upper()}{label[1:]}"
                        if where
                        else f"{label[:1].upper()}{label[1:]}"
                    )
                yield Reason(one.code or "invalid", where, text)

    def _code_taken(self, step: _Step) -> Reason:
        assert step.values is not None
        code = step.values["code"]
        other = step.model._base_manager.filter(code=code).exclude(pk=step.pk).first()
        return Reason(
            "code_taken",
            "Mã",
            f"Mã “{code}” nay là của “{other}”. Mã không dùng lại được: hãy nhập nội dung khi đó thành bản ghi mới.",
        )

    def _where(self, step: _Step) -> str:
        if step.model is SUBJECTS[self.past.kind]:
            return ""
        row = self.target[step.model].get(step.pk) or self.now[step.model].get(step.pk) or {}
        return title(step.model, {**row, "id": step.pk}, self.names)

    def _make_room(self, refused: list[_Step]) -> bool:
        """Rows that wait for one another (two that change their numbers): one of them stands aside."""
        for step in refused:
            key = (step.model, step.pk)
            if step.new or step.values is None or key in self.parked:
                continue
            if not any(reason.code not in ("reference_gone", "row_waits") for reason in step.errors):
                continue
            self.parked.add(key)
            if self._park(step):
                return True
        return self._loosen(refused)

    def _park(self, step: _Step) -> bool:
        if any(column.name == "position" for column in columns_of(step.model)):
            rows = [*self.now[step.model].values(), *self.target[step.model].values()]
            taken = {row["position"] for row in rows} | self.aside
            free = next((n for n in range(LAST_POSITION, 0, -1) if n not in taken), None)
            if free is None:
                return False
            self.aside.add(free)
            row: Any = step.model._base_manager.get(pk=step.pk)
            row.position = free
            row.save(update_fields=["position"])
            return True
        if children_of(step.model) or step.model in SUBJECTS.values():
            return False
        step.model._base_manager.get(pk=step.pk).delete()
        step.new = True
        return True

    def _loosen(self, refused: list[_Step]) -> bool:
        """Rows to come that name one another: one comes without its references first."""
        for step in refused:
            loose = [
                column
                for column in columns_of(step.model)
                if isinstance(column, models.ForeignKey)
                and column.null
                and step.values
                and (column.related_model, step.values.get(column.column)) in self.coming
            ]
            if step.new and loose and step.values:
                whole, step.values = step.values, {**step.values, **{c.column: None for c in loose}}
                if "target_relation" in step.values:
                    # An effect has both or neither.
                    step.values["target_relation"] = None
                done = self._take(step)
                step.values = whole
                if done:
                    step.new = False
                    return True
        return False

    def _check_whole(self) -> None:
        """What no row can tell by itself, as the form of the record refuses it."""
        rows = rows_now(self.past.kind, self.past.pk)
        inside = content(self.past.kind, self.past.pk, rows)
        lost = set(cited_and_missing(self.past.kind, inside))
        before = set()
        if self.past.pk in self.now[SUBJECTS[self.past.kind]]:
            before = set(cited_and_missing(self.past.kind, content(self.past.kind, self.past.pk, self.now)))
        if new := sorted(lost - before):
            raise NotRestorable(
                [
                    Reason(
                        "citation_row_missing",
                        "Nguồn của từng giá trị",
                        f"Có trích nguồn cho dòng số {number}, nhưng sau khi khôi phục bản ghi không có dòng đó. Hãy "
                        "chọn cả dòng ấy, hoặc bỏ chọn trích nguồn này.",
                    )
                    for number in new
                ]
            )


def _steps(now: Rows, target: Rows) -> Iterator[_Step]:
    """What must be done; rows are removed from the innermost, and put from the outermost."""
    tables = list(now)
    for model in reversed(tables):
        for pk in now[model].keys() - target[model].keys():
            yield _Step(model, pk, None)
    for model in tables:
        for pk, row in sorted(target[model].items()):
            if pk not in now[model]:
                yield _Step(model, pk, dict(row), new=True)
            elif any(now[model][pk].get(column) != value for column, value in row.items()):
                yield _Step(model, pk, dict(row))


def _named(step: _Step) -> list[tuple[Model, int]]:
    return [
        (column.related_model, step.values[column.column])
        for column in columns_of(step.model)
        if step.values
        and isinstance(column, models.ForeignKey)
        and step.values.get(column.column) is not None
    ]
