"""The log of the whole registry, and the page of one entry of the ledger."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from registry.models import SUBJECTS, LedgerEntry, LedgerPayload, RedactedEntry, Statement
from registry.queries.facts import facts, read
from registry.queries.log import Asked, log_page
from registry.queries.log_fields import log_fields
from registry.queries.names_then import names_then
from registry.queries.telling import (
    MACHINES,
    accounts_called,
    acts_of,
    kinds,
    model_of,
    moment,
    people,
    record_of,
)
from registry.queries.wholeness import wholeness, with_contents
from registry.rules.hanoi import HANOI
from registry.rules.moments import read_span
from registry.rules.problems import Problem
from registry.rules.text import search_words

#: May read the log, and every entry.
RIGHT = "registry.view_ledgerentry"
_OPERATIONS = {"insert": "thêm dòng", "update": "sửa dòng", "delete": "xóa dòng", "migrate": "nâng cấp"}


class LogForm(forms.Form):
    """What the log is asked for; everything may be left empty."""

    person = forms.CharField(
        label="Người thực hiện",
        required=False,
        max_length=150,
        widget=forms.TextInput({"list": "log-people", "autocomplete": "off"}),
    )
    since = forms.CharField(
        label="Từ (giờ Hà Nội)",
        required=False,
        max_length=30,
        widget=forms.TextInput({"placeholder": "21/11/2026 08:00", "autocomplete": "off"}),
    )
    until = forms.CharField(
        label="Đến hết",
        required=False,
        max_length=30,
        widget=forms.TextInput({"placeholder": "21/11/2026", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Loại bản ghi", required=False)
    record = forms.CharField(
        label="Bản ghi",
        required=False,
        max_length=300,
        help_text="Mã, hoặc địa chỉ trang của bản ghi.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field = forms.ChoiceField(label="Ô thay đổi", required=False)
    reason = forms.CharField(label="Lý do có các chữ", required=False, max_length=200)
    request = forms.CharField(
        label="Mã yêu cầu", required=False, max_length=64, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(kind, _capital(model._meta.verbose_name)) for kind, model in kinds().items()]
        self.fields["kind"].choices = [("", "Mọi loại"), *every]  # type: ignore[attr-defined]
        by_rows: dict[str, list[tuple[str, str]]] = {}
        for one in log_fields().values():
            by_rows.setdefault(one.rows, []).append((one.value, one.label))
        self.fields["field"].choices = [("", "Mọi ô"), *by_rows.items()]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            about = [f"id_{name}_helptext"] if field.help_text else []
            if about:
                field.widget.attrs["aria-describedby"] = " ".join(about)
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = (
                    "Không có lựa chọn này. Hãy chọn lại trong danh sách."
                )

    def clean_person(self) -> tuple[str, ...]:
        return accounts_called(self.cleaned_data["person"])

    def clean_since(self) -> Any:
        return self._moment("since", 0)

    def clean_until(self) -> Any:
        return self._moment("until", 1)

    def _moment(self, name: str, end: int) -> Any:
        typed = self.cleaned_data[name]
        try:
            return read_span(typed)[end] if typed else None
        except Problem as problem:
            raise ValidationError(problem.message, code=problem.code) from None

    def clean_record(self) -> tuple[str, ...]:
        typed = self.cleaned_data["record"].strip()
        found = tuple(_records(typed)) if typed else ()
        if typed and not found:
            raise ValidationError(
                f"Không có bản ghi nào mang mã “{typed}”. Hãy chép mã hoặc địa chỉ trang của bản ghi; với bản ghi đã "
                "xóa, hãy mở một mục của bản ghi ấy rồi bấm “Mọi mục của bản ghi này”.",
                code="record_unknown",
            )
        return found

    def clean_reason(self) -> str:
        typed = str(self.cleaned_data["reason"])
        if typed and not search_words(typed):
            raise ValidationError(
                f"“{typed}” không có chữ hay số nào để tìm. Hãy ghi một chữ của lý do.",
                code="reason_without_words",
            )
        return typed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", ValidationError("“Đến hết” phải sau “Từ”.", code="period_out_of_order"))
        return data

    def asked(self) -> Asked:
        data = self.cleaned_data
        terms = [tuple(f"actor:{name}" for name in data["person"])]
        terms += [(f"kind:{data['kind']}",)] if data["kind"] else []
        terms += [log_fields()[data["field"]].terms] if data["field"] else []
        terms += [(f"request:{data['request'].strip()}",)] if data["request"].strip() else []
        return Asked(
            since=data["since"],
            until=data["until"],
            subjects=data["record"],
            terms=tuple(group for group in terms if group),
            words=data["reason"],
        )


def _records(typed: str) -> Iterator[str]:
    """`kind:pk` of the records that are meant by a code, by the address of a page, or by `kind:pk` itself."""
    if record_of(typed):
        yield typed
        return
    address = re.search(r"/(\w+)/(\w+)/(\d{1,18})/", f"{typed}/")
    for kind, model in kinds().items():
        if address and (model._meta.app_label, model._meta.model_name) == address.groups()[:2]:
            yield f"{kind}:{int(address[3])}"
    for kind, model in SUBJECTS.items():
        for pk in model._base_manager.filter(code=typed.lower()).values_list("pk", flat=True):
            yield f"{kind}:{pk}"


def log_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponseBase:
    """One page of the log. Its address stays: entries come only on top of the first page."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    form = LogForm(request.GET or None) if _filters(request) else LogForm({})
    context: dict[str, Any] = {"form": form, "asked_for": _filters(request), "people": _people()}
    context |= {"log_url": request.path, "newest": "?" + urlencode(_filters(request))}
    if form.is_valid():
        before, after = (_number(request.GET.get(name, "")) for name in ("before", "after"))
        page = log_page(form.asked(), before=before, after=after)
        base = _filters(request)
        context |= {
            "page": page,
            "acts": acts_of(None, page.entries),
            "count": page.count,
            "links": _links(base, page),
            "without": [
                (form.fields[name].label, urlencode({k: v for k, v in base.items() if k != name}))
                for name in base
            ],
        }
    context |= {**site.each_context(request), "title": "Nhật ký"}
    return TemplateResponse(request, "admin/registry/log/page.html", context)


def _filters(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, the page left out."""
    return {name: text for name in LogForm.base_fields if (text := request.GET.get(name, "").strip())}


def _links(base: dict[str, str], page: Any) -> dict[str, str]:
    def to(**place: int) -> str:
        return "?" + urlencode({**base, **place})

    found: dict[str, str] = {}
    if page.newer:
        found |= {"newest": to(), "newer": to(after=page.entries[0].seq)}
    if page.older:
        found |= {"older": to(before=page.entries[-1].seq), "oldest": to(after=0)}
    return found


def _people() -> list[tuple[str, str]]:
    accounts = list(get_user_model().objects.order_by("username").values_list("username", flat=True))
    called = people([*accounts, *MACHINES])
    return [(name, called[name]) for name in dict.fromkeys((*accounts, *MACHINES))]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@dataclass(frozen=True, slots=True)
class _Fact:
    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


def entry_view(site: admin.AdminSite, request: HttpRequest, seq: int) -> HttpResponseBase:
    """One entry: in words, as it is stored, and whether its hashes hold. Its address stays."""
    entry = with_contents(LedgerEntry.objects.filter(pk=seq)).first() if seq < 2**63 else None
    reads_all = request.user.has_perm(RIGHT)
    if not reads_all and (entry is None or not _on_a_page_of(site, request, entry)):
        raise PermissionDenied
    if entry is None:
        raise Http404
    payload: LedgerPayload | None = getattr(entry, "payload", None)
    owner = record_of(entry.subject)
    redacted = RedactedEntry.objects.filter(entry=entry.seq).select_related("redaction").last()
    whole = wholeness([entry])[entry.seq]
    context = {
        **site.each_context(request),
        "title": f"Mục sổ cái {entry.seq}",
        "entry": entry,
        "payload": payload,
        "acts": acts_of(None, [entry]),
        "at": moment(entry.at).astimezone(HANOI),
        "who": people([entry.actor])[entry.actor],
        "operation": _OPERATIONS.get(entry.op, entry.op),
        "facts": _facts(entry) if whole else [],
        "whole": whole,
        "redacted": redacted,
        "reads_all": reads_all,
        "neighbours": _neighbours(entry) if reads_all else {},
        "history": _page_of(owner, "history"),
        "then": _page_of(owner, "as_it_was"),
    }
    return TemplateResponse(request, "admin/registry/log/entry.html", context)


def _on_a_page_of(site: admin.AdminSite, request: HttpRequest, entry: LedgerEntry) -> bool:
    """Whether the entry stands in the history of a kind of record that this user may read."""
    payload: LedgerPayload | None = getattr(entry, "payload", None)
    kind, _, number = entry.subject.partition(":")
    told = {kind}
    if kind == "submission" and payload:
        told = {read(payload.after or payload.before).get("kind", "")}
    elif kind == "publication":
        told = set(Statement.objects.filter(publication_id=number).values_list("kind", flat=True).distinct())
    models = [model for name, model in kinds().items() if name in told and model in site._registry]
    return any(site._registry[model].has_view_or_change_permission(request) for model in models)


def _facts(entry: LedgerEntry) -> list[_Fact]:
    """Every fact of the row before and after."""
    model, payload = model_of(entry.table_name), getattr(entry, "payload", None)
    if model is None or payload is None:
        return []
    before, after = read(payload.before), read(payload.after)
    names = names_then((entry.seq, model, row) for row in (before, after) if row).get(entry.seq, {})
    old, new = (facts(model, row, names) if row else {} for row in (before, after))
    pairs = (_Fact(label, old.get(label, ""), new.get(label, "")) for label in {**new, **old})
    return [fact for fact in pairs if fact.before or fact.after]


def _neighbours(entry: LedgerEntry) -> dict[str, int]:
    there = set(
        LedgerEntry.objects.filter(seq__in=(entry.seq - 1, entry.seq + 1)).values_list("seq", flat=True)
    )
    pairs = {"previous": entry.seq - 1, "next": entry.seq + 1}
    return {name: seq for name, seq in pairs.items() if seq in there}


def _page_of(owner: Any, page: str) -> str:
    """The address of a page of a record, empty when its kind has no such page."""
    if owner is None:
        return ""
    model, pk = owner
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""


def _capital(text: object) -> str:
    return f"{str(text)[:1].upper()}{str(text)[1:]}"
