"""What every subject of the registry has, and what a recorded table declares."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from registry.models.checks import Check
from registry.models.conditions import IsCode, SaysSomething
from registry.models.fields import SearchTextField, SortKeyField
from registry.rules.text import clean_text, slug

#: Working dates stay below this day; 9999-12-31 is the sentinel of an open end.
LAST_WORKING_YEAR = 8999

#: A record has no more numbered rows than that; the same on every database.
LAST_POSITION = 9999
within_count = MaxValueValidator(LAST_POSITION, f"Các dòng được đánh số từ 1 đến {LAST_POSITION}.")

_CODE_FORM = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_CODE_REFUSED = "Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối."


@dataclass(frozen=True, slots=True)
class Recorded:
    """How the ledger records a table.

    subject: (kind, column) pairs; the first column that is not null names the record a row belongs to.
    exclude: columns that are never recorded (derived text, secrets).
    internal: columns that are recorded and never published: notes of ours, no part of a content.
    append_only: rows can be added, never changed or removed.
    """

    subject: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    append_only: bool = False


class Subject(models.Model):
    """A record that is published on its own and that others refer to by its code."""

    kind: ClassVar[str]
    #: what its code is made of; empty where codes tell nothing
    code_source: ClassVar[str] = "name"

    code = models.SlugField(
        "mã",
        max_length=60,
        unique=True,
        blank=True,
        validators=[RegexValidator(_CODE_FORM, _CODE_REFUSED, "code_malformed")],
        help_text="Do hệ thống đặt khi để trống; không đổi và không dùng lại.",
        error_messages={"unique": "Mã này đã có bản ghi khác dùng. Hãy để trống để hệ thống đặt mã mới."},
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.code or self._is_called_after_a_draft(kwargs.get("update_fields")):
            self.code = self.new_code()
            # A caller that names the columns to write did not name this one.
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "code"}
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """A code that `save` will make is not checked; the record's own number is, also when no form holds it."""
        left_out = set(exclude or ())
        if not self.code:
            left_out.add("code")
        if self.pk is not None:
            left_out.discard("id")
        super().validate_constraints(exclude=left_out)

    def new_code(self) -> str:
        """A short code made from the name, never one that a record ever had."""
        base = slug(str(getattr(self, self.code_source))) or self.kind
        taken = set(type(self)._base_manager.filter(code__startswith=base).values_list("code", flat=True))
        taken |= retired_codes(self.kind, base)
        if base not in taken:
            return base
        return next(code for n in range(2, 1_000_000) if (code := f"{base}-{n}") not in taken)

    def _is_called_after_a_draft(self, columns: Iterable[str] | None) -> bool:
        """Whether its code was made of a name that it has no more, and nothing of it was ever published.

        A code that is published stays for ever: it must not tell what a draft was called. One that somebody chose
        stays too, unless it reads as the one made of that name.
        """
        if (
            self.pk is None
            or not self.code_source
            or (columns is not None and self.code_source not in columns)
        ):
            return False
        if self._is_called_as(self):
            return False
        before = type(self)._base_manager.filter(pk=self.pk, code=self.code).first()
        if before is None or not self._is_called_as(before):
            return False
        # By name: publications stand on this module, so it cannot import them.
        statements = apps.get_model("registry", "Statement").objects
        return not statements.filter(kind=self.kind, subject_id=self.pk).exists()

    def _is_called_as(self, row: "Subject") -> bool:
        """Whether `new_code` could have made its code of that row's name."""
        base = slug(str(getattr(row, self.code_source))) or self.kind
        begins, _, number = self.code.rpartition("-")
        return self.code == base or (begins == base and number.isdecimal())

    @property
    def key(self) -> str:
        """`kind:pk`, how the ledger and the publications name this record."""
        return f"{self.kind}:{self.pk}"


def retired_codes(kind: str, base: str) -> set[str]:
    """Codes of that beginning which published records of the kind have or had."""
    # By name: publications stand on this module, so it cannot import them.
    statements = apps.get_model("registry", "Statement").objects
    return set(statements.filter(kind=kind, code__startswith=base).values_list("code", flat=True))


class NamedSubject(Subject):
    """A subject known by a name."""

    name = models.CharField("tên", max_length=300)
    search_text = SearchTextField(sources=("name", "code"))
    sort_key = SortKeyField(sources=("name",))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        clean_words(self, "name")


def clean_words(row: models.Model, *fields: str) -> None:
    """Clean those texts, for a model's `clean`. What held nothing but invisible characters was never typed."""
    vanished = []
    for field in fields:
        typed = getattr(row, field)
        setattr(row, field, clean_text(typed))
        if typed and not getattr(row, field):
            vanished.append(field)
    if vanished:
        raise ValidationError(
            dict.fromkeys(vanished, ValidationError("Trường này là bắt buộc.", code="blank"))
        )


def code_in_form(name: str) -> Check:
    """A record's code is one that an address can hold."""
    return Check(
        condition=Q(IsCode("code")),
        name=name,
        violation_error_message=_CODE_REFUSED,
        violation_error_code="code_malformed",
    )


def filled(field: str, name: str, label: str) -> Check:
    """The text says something."""
    return Check(
        condition=Q(SaysSomething(field)),
        name=name,
        violation_error_message=f"{label}: không được để trống.",
        violation_error_code="text_missing",
    )


def not_blank(field: str, name: str, label: str) -> Check:
    """The text is empty or says something: never two ways to say nothing."""
    return Check(
        condition=Q(**{field: ""}) | Q(SaysSomething(field)),
        name=name,
        violation_error_message=f"{label}: chỉ có khoảng trắng. Hãy ghi nội dung hoặc để trống hẳn.",
        violation_error_code="text_blank",
    )


def not_itself(field: str, name: str, message: str, code: str) -> Check:
    """The record it points to, if any, is another one."""
    return Check(
        condition=Q(**{f"{field}__isnull": True}) | ~Q(**{field: models.F("id")}),
        name=name,
        violation_error_message=message,
        violation_error_code=code,
    )


def period_in_order(start: str, end: str, name: str, message: str) -> Check:
    """Half-open period [start, end): the end, when there is one, lies after the start."""
    return Check(
        condition=Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gt": models.F(start)}),
        name=name,
        violation_error_message=message,
        violation_error_code="period_out_of_order",
    )


def earliest_before_latest(prefix: str, name: str, label: str) -> Check:
    """A stated date: the earliest possible day is not after the latest."""
    return Check(
        condition=Q(**{f"{prefix}_earliest__isnull": True})
        | Q(**{f"{prefix}_latest__isnull": True})
        | Q(**{f"{prefix}_latest__gte": models.F(f"{prefix}_earliest")}),
        name=name,
        violation_error_message=f"{label}: ngày sớm nhất phải trước hoặc trùng ngày muộn nhất.",
        violation_error_code="date_range_reversed",
    )


def one_of(field: str, codes: Iterable[str], name: str, label: str, *, optional: bool = False) -> Check:
    """The column holds one of the codes (or, if optional, NULL: never two ways to say nothing)."""
    condition = Q(**{f"{field}__in": list(codes)})
    if optional:
        condition |= Q(**{f"{field}__isnull": True})
    return Check(
        condition=condition,
        name=name,
        violation_error_message=f"{label}: giá trị không có trong danh mục.",
        violation_error_code="code_unknown",
    )


def counted(field: str, name: str, rows: str, code: str) -> Check:
    """The rows of a record are numbered from 1 to LAST_POSITION."""
    within = Q(**{f"{field}__gte": 1, f"{field}__lte": LAST_POSITION})
    return Check(
        condition=Q(**{f"{field}__isnull": True}) | within,
        name=name,
        violation_error_message=f"{rows} được đánh số từ 1 đến {LAST_POSITION}.",
        violation_error_code=code,
    )


def at_most(field: str, low: int, high: int, name: str, label: str) -> Check:
    return Check(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": low, f"{field}__lte": high}),
        name=name,
        violation_error_message=f"{label} phải từ {low} đến {high}.",
        violation_error_code="percentage_out_of_range",
    )


def above_zero(field: str, name: str, label: str) -> Check:
    return Check(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0}),
        name=name,
        violation_error_message=f"{label} phải lớn hơn 0.",
        violation_error_code="area_not_positive",
    )


def range_whole(prefix: str, suffix: str, name: str, label: str) -> Check:
    """A quantity `<prefix><suffix>` with `<prefix>_qualifier` and, only for a range, `<prefix>_high<suffix>`."""
    low, high, qualifier = f"{prefix}{suffix}", f"{prefix}_high{suffix}", f"{prefix}_qualifier"
    return Check(
        condition=Q(
            # NULL is neither greater nor not: unless asked for, it would pass.
            **{
                qualifier: "range",
                f"{low}__isnull": False,
                f"{high}__isnull": False,
                f"{high}__gt": models.F(low),
            },
        )
        | (~Q(**{qualifier: "range"}) & Q(**{f"{high}__isnull": True})),
        name=name,
        violation_error_message=f"{label}: một khoảng cần cả hai số, số sau lớn hơn; "
        "các mức độ khác chỉ có một số.",
        violation_error_code="range_incomplete",
    )


def dates_within_reason(fields: tuple[str, ...], name: str) -> Check:
    """No working date reaches the sentinel that means "open"."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": f"{LAST_WORKING_YEAR + 1}-01-01"})
    return Check(
        condition=condition,
        name=name,
        violation_error_message="Năm của một ngày đã nhập quá lớn. Hãy kiểm tra lại.",
        violation_error_code="date_out_of_range",
    )


def refuse_circle(row: models.Model, field: str, message: str, code: str) -> None:
    """For a model's `clean`: the rows above by that column, however many, never lead back to this one.

    A row that names itself hears its constraint's words (`not_itself`), at the field.
    """
    table, passed = type(row)._base_manager, {row.pk}
    above = getattr(row, f"{field}_id")
    if above is not None and above == row.pk:
        itself = next(
            constraint
            for constraint in row._meta.constraints
            if isinstance(constraint, Check) and constraint.condition.referenced_base_fields == {field, "id"}
        )
        message, code = itself.get_violation_error_message(), itself.violation_error_code
        raise ValidationError({field: ValidationError(message, code=code)})
    while above is not None and above not in passed:
        passed.add(above)
        above = table.values_list(f"{field}_id", flat=True).get(pk=above)
    if row.pk is not None and above == row.pk:
        raise ValidationError({field: ValidationError(message, code=code)})
