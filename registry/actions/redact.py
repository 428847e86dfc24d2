"""Erasing what the law says must go, everywhere, for good; what stays is that it was done.

Everything happens in one transaction: a process that is killed leaves all as it was. What is left outside of it are
bytes that the database has let go of (forget.py), and copies: backups, exports, partners' mirrors.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connections, models
from django.db.models import Max

from registry.actions import log_index
from registry.actions.editions import Key
from registry.actions.redacted_editions import remake_editions
from registry.ledger.context import recorded, redacting
from registry.ledger.entries import head
from registry.ledger.redaction import redact_entries
from registry.models import (
    SUBJECTS,
    Announcement,
    LedgerEntry,
    LedgerPayload,
    Publication,
    RedactedEntry,
    Redaction,
    Statement,
    Submission,
)
from registry.models.base import Recorded
from registry.models.fields import DerivedTextField
from registry.queries.contents import contents
from registry.queries.occurrences import DERIVED, Found, bodies_with, occurrences, sessions_with, tables
from registry.rules.api_keys import refuse_keys
from registry.rules.canonical import canonical, digest
from registry.rules.problems import Problem
from registry.rules.redactions import SHORTEST, mark_of, without
from registry.rules.text import clean_text

RIGHT = "registry.redact"
_LEDGER = (LedgerEntry, LedgerPayload)
#: Tables of names that programs know things by. Nothing can be taken out of them.
_NAMES = frozenset(
    {"django_content_type", "django_migrations", "auth_permission", "auth_group", "registry_seedmark"}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be erased: rows by table, and a code that changes with any of them.

    `beyond`: rows by table that hold the words too and cannot be changed by anybody. They stay as they are.
    """

    words: tuple[str, ...]
    record: str
    rows: Mapping[str, tuple[Any, ...]]
    bodies: int
    sessions: tuple[str, ...]
    beyond: Mapping[str, tuple[Any, ...]]

    @property
    def code(self) -> str:
        places = sorted(self.rows.items()), sorted(self.beyond.items())
        found = self.words, self.record, *places, self.bodies, len(self.sessions)
        return sha256(repr(found).encode()).hexdigest()[:12]

    @property
    def empty(self) -> bool:
        return not (self.rows or self.bodies or self.sessions)


def plan(words: Collection[str], record: str = "") -> Plan:
    """Where the words are. `record` (`kind:pk`): only in what the ledger and the publications say of that record.

    Raises Problem: redaction_too_short, redaction_of_a_name.
    """
    wanted = tuple(sorted({clean_text(one) for one in words}))
    if not wanted or min(map(len, wanted)) < SHORTEST:
        raise Problem("redaction_too_short", f"Chuỗi cần xóa phải có ít nhất {SHORTEST} ký tự.")
    found = occurrences(wanted)
    if record:
        found = _within(found, record)
    beyond = {one.table: one.rows for one in found if _is_beyond(one.model)}
    found = [one for one in found if one.table not in beyond]
    for one in found:
        _refuse_names(one, wanted)
    rows = {one.table: one.rows for one in found}
    bodies = 0 if record else sum(map(len, bodies_with(wanted).values()))
    return Plan(wanted, record, rows, bodies, () if record else tuple(sessions_with(wanted)), beyond)


def redact(asked: Plan, *, ground: str, asked_by: str, approved_by: str, at: datetime) -> Redaction:
    """Erase what the plan names, by two people who both may.

    Raises Problem: ground_missing, redaction_names_words, redactor_not_allowed, redaction_by_one, nothing_found,
    found_differs, ledger_drifted, redaction_incomplete.
    """
    ground = clean_text(ground)
    if not ground:
        raise Problem(
            "ground_missing", "Hãy ghi căn cứ pháp lý của việc xóa: văn bản nào, điều nào, yêu cầu nào."
        )
    if any(word in ground for word in asked.words):
        raise Problem("redaction_names_words", "Căn cứ không được nhắc lại chính nội dung cần xóa.")
    refuse_keys(ground)
    _check_people(asked_by, approved_by)
    for one in connections.all():
        if one.vendor == "sqlite":
            with one.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")
    with recorded(actor=asked_by, reason=f"Xóa theo luật: {ground}"), redacting():
        if asked.empty:
            raise Problem("nothing_found", "Không tìm thấy chuỗi này ở đâu cả; không có gì để xóa.")
        if plan(asked.words, asked.record).code != asked.code:
            raise Problem(
                "found_differs", "Dữ liệu đã thay đổi sau khi xem trước. Hãy xem lại rồi xác nhận lại."
            )
        before = head()[0]
        number = (Redaction.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        redaction = Redaction.objects.create(
            number=number,
            at=at,
            ground=ground,
            asked_by=asked_by,
            approved_by=approved_by,
            scope=asked.record,
            places=json.dumps({table: len(rows) for table, rows in asked.rows.items()}),
        )
        _redact(redaction, asked, before)
        _refuse_more(before)
        if not asked.record and not (left := plan(asked.words)).empty:
            raise Problem(
                "redaction_incomplete", f"Không xóa hết được: {', '.join(left.rows) or 'câu trả lời'}."
            )
    return redaction


def _redact(redaction: Redaction, asked: Plan, before: int) -> None:
    instead = dict.fromkeys(asked.words, mark_of(redaction.number))
    instead |= _digests(asked, instead)
    seqs = set(asked.rows.get(LedgerEntry._meta.db_table, ())) | set(
        asked.rows.get(LedgerPayload._meta.db_table, ())
    )
    seqs |= _entries_with(set(instead) - set(asked.words), before)

    def left(entry: LedgerEntry, text: str) -> str:
        return without(text, instead)

    redact_entries(redaction, seqs, header=left, payload=left)
    log_index.forget(seqs)
    said, told_of = _follow(redaction, instead)
    if said or told_of:
        remake_editions(said, instead, redaction.at, told_of=told_of)
    # Last: on SQLite some of these lie in a file of their own, which no rollback reaches. They are log-ins alone.
    for model in tables():
        if model not in (*_LEDGER, *DERIVED) and not _is_recorded(model):
            _update(model, asked.rows.get(model._meta.db_table, ()), lambda text: without(text, instead))
    Session.objects.filter(pk__in=asked.sessions).delete()


def _follow(redaction: Redaction, instead: Mapping[str, str]) -> tuple[set[Key], set[Key]]:
    """Make each row whose last entry was redacted what that entry says.

    The subjects of the statements that lost something; and those in whose history a publication stands that lost what
    readers are shown of it.
    """
    entries = LedgerEntry.objects.filter(seq__in=redaction.entries.values("entry")).order_by("seq")
    last = {(one.table_name, one.row_id): one.payload for one in entries.select_related("payload")}
    models_of = {model._meta.db_table: model for model in tables()}
    said_of: set[Key] = set()
    publications = set()
    for (table, row_id), payload in last.items():
        model = models_of.get(table)
        row = model and model._default_manager.filter(pk=row_id).first()
        if model is None or row is None or payload.after is None:
            continue
        said = json.loads(payload.after)
        texts = {f.attname: f.column for f in model._meta.concrete_fields if f.column in said}
        texts = {name: column for name, column in texts.items() if isinstance(getattr(row, name), str)}
        new = {name: said[column] for name, column in texts.items() if getattr(row, name) != said[column]}
        if any(without(getattr(row, name), instead) != text for name, text in new.items()):
            raise _drifted(table, row_id)
        _write(row, new)
        if isinstance(row, Statement) and new:
            said_of.add((row.kind, row.subject_id))
        elif isinstance(row, Publication) and new.keys() & set(Publication.SHOWN):
            publications.add(row.pk)
    told = Announcement.objects.filter(publication__in=publications).order_by()
    return said_of, set(told.values_list("kind", "subject_id"))


def _update(model: Any, rows: Collection[Any], left: Callable[[str], str]) -> None:
    for row in model._default_manager.filter(pk__in=rows):
        texts = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
        new = {name: left(text) for name, text in texts.items() if isinstance(text, str)}
        _write(row, {name: text for name, text in new.items() if texts[name] != text})


def _write(row: models.Model, new: dict[str, str]) -> None:
    """Those columns, and what follows from them: nothing else of the row is rendered again."""
    if not new:
        return
    for name, text in new.items():
        setattr(row, name, text)
    for field in row._meta.concrete_fields:
        if isinstance(field, DerivedTextField):
            new[field.attname] = field.pre_save(row, False)
    type(row)._default_manager.filter(pk=row.pk).update(**new)


def _digests(asked: Plan, instead: Mapping[str, str]) -> dict[str, str]:
    """The digests of contents that were submitted with the words in them: who guesses the words could check them.

    What still waits for approval gets the digest of its content without the words.
    """
    entries = LedgerEntry.objects.filter(seq__in=asked.rows.get(LedgerPayload._meta.db_table, ()))
    by_kind: dict[str, set[int]] = {}
    for key in set(entries.values_list("subject", flat=True)):
        kind, _, pk = key.partition(":")
        if kind in SUBJECTS:
            by_kind.setdefault(kind, set()).add(int(pk))
    found: dict[str, str] = {}
    for kind, ids in by_kind.items():
        submitted = Submission.objects.filter(kind=kind, subject_id__in=ids).exclude(digest="")
        found |= dict.fromkeys(submitted.values_list("digest", flat=True), "")
        for content in contents(kind, ids).values():
            text = canonical(content)
            if digest(text) in found:
                found[digest(text)] = digest(without(text, instead))
    return {old: new for old, new in found.items() if old != new}


def _entries_with(digests: Collection[str], upto: int) -> set[int]:
    """The entries about submissions that hold one of these digests."""
    if not digests:
        return set()
    said = Submission.objects.filter(digest__in=digests).values_list("pk", flat=True)
    entries = LedgerEntry.objects.filter(subject__in=[f"submission:{pk}" for pk in said], seq__lte=upto)
    return set(entries.values_list("seq", flat=True))


def _within(found: list[Found], record: str) -> list[Found]:
    """Of what was found in the ledger, the entries of one record: its rows, submissions and statements."""
    kind, _, pk = record.partition(":")
    submissions = Submission.objects.filter(kind=kind, subject_id=pk).values_list("pk", flat=True)
    statements = Statement.objects.filter(kind=kind, subject_id=pk).values_list("pk", flat=True)
    own = LedgerEntry.objects.filter(subject__in=[record, *(f"submission:{one}" for one in submissions)])
    said = LedgerEntry.objects.filter(table_name="registry_statement", row_id__in=map(str, statements))
    seqs = {*own.values_list("seq", flat=True), *said.values_list("seq", flat=True)}
    entries = [one for one in found if one.model in _LEDGER]
    kept = [Found(one.model, one.columns, tuple(seq for seq in one.rows if seq in seqs)) for one in entries]
    return [one for one in kept if one.rows]


def _is_beyond(model: Any) -> bool:
    """Whether no row of the table can be changed: security events, checkpoints."""
    own: Recorded | None = getattr(model, "recorded", None)
    return own is not None and own.append_only and not own.subject


def _refuse_names(found: Found, words: Collection[str]) -> None:
    if found.table in _NAMES or _in_names(found, words):
        raise Problem(
            "redaction_of_a_name",
            f"Chuỗi này nằm trong mã, tên đăng nhập hoặc danh mục của bảng {found.table}, là thứ các bản ghi khác dựa "
            "vào. Hãy chọn chuỗi dài hơn.",
        )


def _in_names(found: Found, words: Collection[str]) -> bool:
    """Whether the words stand in a column by which programs know the row, or in one that holds a code of a list."""
    fields = found.model._meta.concrete_fields
    names = [
        f.attname
        for f in fields
        if isinstance(f, models.SlugField) or f.choices or f.name in ("username", "kind", "scopes", "code")
    ]
    if not names or found.model in _LEDGER:
        return False
    rows = found.model._default_manager.filter(pk__in=found.rows).values_list(*names)
    return any(word in str(value) for row in rows for value in row for word in words)


def _is_recorded(model: Any) -> bool:
    if model._meta.app_label in ("auth", "contenttypes"):
        return True
    own: Recorded | None = getattr(model, "recorded", None)
    return bool(own and own.subject)


def _refuse_more(before: int) -> None:
    """Nothing but the redaction was to be written: an entry about anything else would hold the words again."""
    told = [model._meta.db_table for model in (Redaction, RedactedEntry, Announcement)]
    other = LedgerEntry.objects.filter(seq__gt=before).exclude(table_name__in=told).first()
    if other is not None:
        raise _drifted(other.table_name, other.row_id)


def _drifted(table: str, row_id: str) -> Problem:
    return Problem(
        "ledger_drifted",
        f"Dòng {row_id} của bảng {table} khác với sổ cái. Hãy chạy verify_ledger và xử lý trước.",
    )


def _check_people(asked_by: str, approved_by: str) -> None:
    if asked_by == approved_by:
        raise Problem(
            "redaction_by_one", "Việc xóa cần hai người khác nhau: người thực hiện và người đồng ý."
        )
    for name in (asked_by, approved_by):
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None or not user.has_perm(RIGHT):
            raise Problem(
                "redactor_not_allowed",
                f"Tài khoản “{name}” không có quyền “Xóa dữ liệu theo luật”, hoặc không còn hoạt động.",
            )
