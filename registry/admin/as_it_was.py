"""The pages of a record's past: as it was at any moment, and what of it is brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registry import clock
from registry.actions.restoration import NotRestorable, refuse_at_once, restore
from registry.admin.answers_then import answer_then
from registry.admin.fields import ComposedField, KeptForm
from registry.admin.timelines import entered_beside
from registry.ledger.context import recorded
from registry.models import SUBJECTS, Cluster, LedgerEntry, Zone
from registry.models.base import Subject
from registry.queries.as_it_was import Past, as_it_was, entry_at, moment_of, rows_now
from registry.queries.clusters import effects_on
from registry.queries.effects_then import effects_then
from registry.queries.history import changes_since, people
from registry.queries.reviews import last_change
from registry.queries.then_and_now import Layout, Part, compare, keys_of
from registry.rules.hanoi import HANOI
from registry.rules.moments import read_moment
from registry.rules.problems import Problem

_PAST = "admin/registry/history/as_it_was.html"


class RestoreForm(KeptForm, forms.Form):
    reason = forms.CharField(
        label="Lý do khôi phục",
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text="Ghi vào lịch sử, không công bố.",
        error_messages={"required": "Hãy ghi lý do khôi phục: lịch sử của bản ghi sẽ nêu lý do này."},
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The moment that a page is about, and the record. `subject` None: it is deleted by now."""

    subject: Subject | None
    past: Past
    entry: LedgerEntry
    typed: str

    @property
    def called(self) -> str:
        """What the record is called now, else what it was called."""
        if self.subject is not None:
            return str(self.subject)
        row = self.past.rows[SUBJECTS[self.past.kind]].get(self.past.pk, {})
        return str(row.get("name") or row.get("code") or f"số {self.past.pk}")

    @property
    def query(self) -> str:
        """What an address asks with for the same past."""
        return urlencode({"at": self.typed} if self.typed else {"entry": self.entry.seq})

    @property
    def at_text(self) -> str:
        return f"{self.past.at.astimezone(HANOI):%H:%M:%S ngày %d/%m/%Y}"


def past_page(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """The whole record as it was at an entry of the ledger or at a moment, beside today's."""
    subject = _record(model_admin, request, object_id)
    problem, asked = None, None
    try:
        asked = _asked(model_admin, request.GET, subject, object_id)
    except Problem as refused:
        problem = refused
    parts: list[Part] = []
    context: dict[str, Any] = {}
    if asked is not None:
        kind = asked.past.kind
        parts = compare(asked.past, rows_now(kind, object_id), _layout(model_admin))
        context = {
            "who": people([asked.entry.actor])[asked.entry.actor],
            "differing": [part for part in parts if part.differs],
            "may_restore": _may_restore(model_admin, request, subject),
            "restorable": bool(keys_of(parts)) and asked.past.there,
            "altered": asked.past.altered,
        }
        if kind in ("cluster", "zone"):
            now = effects_on(subject) if isinstance(subject, Cluster | Zone) else []
            then, forged = effects_then(kind, object_id, asked.past.seq)
            context |= {"entered": entered_beside(then, now), "altered": asked.past.altered | forged}
        if kind == "cluster":
            context["answer"] = answer_then(object_id, asked.past.at, clock.today())
        said = [*context.get("entered", ()), *getattr(context.get("answer"), "values", ())]
        context["around"] = any(one.differs for one in said)
    context["altered"] = sorted(context.get("altered", ()))
    shown = [part for part in parts if part.differs] if request.GET.get("only") == "differences" else parts
    context |= {
        "title": f"Như khi đó: {asked.called if asked else subject or 'bản ghi đã xóa'}",
        "asked": asked, "problem": problem, "parts": shown,
        "typed": request.GET.get("at", "") or (request.GET.get("entry", "") if problem else ""),
        "all_shown": request.GET.get("only") != "differences",
    }  # fmt: skip
    return _page(model_admin, request, _PAST, subject, object_id, context)


def restore_page(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """What would change, chosen fact by fact; then the change itself, with its reason."""
    if request.method != "POST":
        return _restoring(model_admin, request, object_id)
    # From the look at what was seen to the change nobody else can change the record.
    with recorded():
        return _restoring(model_admin, request, object_id)


def _restoring(model_admin: admin.ModelAdmin, request: HttpRequest, object_id: int) -> HttpResponseBase:
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    seen = last_change(model_admin.model(pk=object_id))
    subject = _record(model_admin, request, object_id)
    if not _may_restore(model_admin, request, subject):
        raise PermissionDenied
    try:
        asked = _asked(model_admin, given, subject, object_id)
        if asked is None:
            raise Problem("moment_missing", "Hãy ghi lúc muốn khôi phục về, rồi bấm “Xem”.")
    except Problem as refused:
        context = {
            "title": f"Khôi phục: {subject or 'bản ghi đã xóa'}",
            "problem": refused, "typed": given.get("at", "") or given.get("entry", ""),
            "reason": given.get("reason", ""),
        }  # fmt: skip
        return _page(model_admin, request, _PAST, subject, object_id, context)
    parts = compare(asked.past, rows_now(asked.past.kind, object_id), _layout(model_admin))
    possible = keys_of(parts)
    chosen = [key for key in given.getlist("what") if key in possible]
    form = RestoreForm(request.POST if posted else None)
    problem, by, meanwhile = None, request.user.get_username(), ()
    try:
        refuse_at_once(asked.past, by)
        if posted and given.get("seen") != str(seen):
            meanwhile = _meanwhile(asked.past, given.get("seen", ""))
            raise Problem(
                "changed_meanwhile",
                "Chưa khôi phục: bản ghi đã được sửa sau khi bạn mở trang. Hãy xem nội dung bây giờ, rồi bấm “Khôi "
                "phục” lần nữa.",
            )
        if posted and form.is_valid():
            restored = restore(asked.past, by=by, reason=form.cleaned_data["reason"], keys=chosen)
            messages.success(
                request,
                f"Đã khôi phục “{restored}” như lúc {asked.at_text}. Bản ghi là bản nháp: hãy xem lại rồi trình duyệt.",
            )
            return HttpResponseRedirect(
                reverse(f"admin:registry_{model_admin.opts.model_name}_change", args=[object_id])
            )
    except Problem as refused:
        problem = refused
    context = {
        "title": f"Khôi phục: {asked.called}",
        "asked": asked, "parts": [part for part in parts if part.key or any(line.key for line in part.lines)],
        "chosen": chosen if posted or chosen else possible, "form": form, "problem": problem,
        "reasons": problem.reasons if isinstance(problem, NotRestorable) else (),
        "seen": seen, "acts": meanwhile,
        "told": [part for part in parts if part.differs and not part.key and not any(one.key for one in part.lines)],
        "possible": bool(possible) and (problem is None or problem.code not in _HOPELESS),
    }  # fmt: skip
    return _page(model_admin, request, "admin/registry/history/restore.html", subject, object_id, context)


#: Nothing that is chosen otherwise would help.
_HOPELESS = {"not_there_then", "content_unreadable", "submitted_by_another"}


def _page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    template: str,
    subject: Subject | None,
    pk: int,
    more: dict[str, Any],
) -> TemplateResponse:
    opts = model_admin.opts
    addresses = {
        page: reverse(f"admin:registry_{opts.model_name}_{page}", args=[pk])
        for page in ("history", "as_it_was", "restore")
    }
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": opts, "subject": subject, "media": model_admin.media, "addresses": addresses, **more,
    }  # fmt: skip
    return TemplateResponse(request, template, context)


def _record(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> Subject | None:
    """The record; None when it is deleted. One that never was is a 404."""
    subject: Subject | None = model_admin.get_object(request, str(pk))
    if not model_admin.has_view_or_change_permission(request, subject):
        raise PermissionDenied
    if subject is None and not last_change(model_admin.model(pk=pk)):
        raise Http404
    return subject


def _may_restore(model_admin: admin.ModelAdmin, request: HttpRequest, subject: Subject | None) -> bool:
    if subject is None:
        return model_admin.has_add_permission(request)
    return model_admin.has_change_permission(request, subject)


def _asked(model_admin: admin.ModelAdmin, given: Any, subject: Subject | None, pk: int) -> _Asked | None:
    """The past that an address asks for; None when it asks for none.

    Raises Problem: entry_unknown, moment_unreadable, moment_in_future, before_the_ledger.
    """
    number, typed = given.get("entry", "").strip(), given.get("at", "").strip()
    kind = model_admin.model.kind
    if typed:
        moment, now = read_moment(typed), clock.now()
        if moment.replace(second=0, microsecond=0) > now and moment.astimezone(HANOI).date() > clock.today():
            raise Problem("moment_in_future", f"“{typed}” là một lúc chưa tới. Hãy ghi một lúc đã qua.")
        moment = min(moment, now)
        entry = entry_at(moment)
        if entry is None:
            raise Problem("before_the_ledger", f"Đến “{typed}” sổ chưa ghi gì. Hãy ghi một lúc muộn hơn.")
        return _Asked(subject, as_it_was(kind, pk, entry.seq, moment), entry, typed)
    if not number:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Problem(
            "entry_unknown",
            f"“{number}” không phải số của một mục sổ cái. Hãy đi từ trang lịch sử của bản ghi, hoặc ghi một "
            "lúc đã qua.",
        )
    entry = LedgerEntry.objects.filter(pk=int(number)).first()
    if entry is None:
        raise Problem(
            "entry_unknown", f"Sổ cái không có mục số {number}. Hãy đi từ trang lịch sử của bản ghi."
        )
    return _Asked(subject, as_it_was(kind, pk, entry.seq, moment_of(entry)), entry, "")


def _meanwhile(past: Past, seen: str) -> tuple[Any, ...]:
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return ()
    return changes_since(SUBJECTS[past.kind](pk=past.pk), int(seen))


def _layout(model_admin: admin.ModelAdmin) -> Layout:
    """The headings of the record's form and of its rows, with the columns under each."""
    site = model_admin.admin_site
    inlines = [inline(model_admin.model, site) for inline in model_admin.inlines]
    return {one.model: _headings(one) for one in [model_admin, *inlines]}


def _headings(one: Any) -> list[tuple[str, Sequence[str]]]:
    declared = one.fieldsets or [(None, {"fields": one.fields or one.form._meta.fields or ()})]
    found = []
    for heading, options in declared:
        fields = options["fields"] if options["fields"] != "__all__" else ()
        names = [name for entry in fields for name in ([entry] if isinstance(entry, str) else entry)]
        found.append((str(heading or ""), [column for name in names for column in _columns(one.form, name)]))
    return found


def _columns(form: Any, name: str) -> Sequence[str]:
    for known in form.__mro__:
        field = getattr(known, "declared_fields", {}).get(name)
        if isinstance(field, ComposedField):
            return field.columns
    # A list that goes through a table of ours stands on the form under a name of its own.
    return (f"{name.removesuffix('_list')}s",) if name.endswith("_list") else (name,)
