"""What every record with a way to the public has in the admin: one door for saving, its standing, its history.

Subclasses give forms, inlines and lists. This class owns `changeform_view`, `get_urls`, `history_view`, the
permission to delete, and what is saved how.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.admin.as_it_was import past_page, restore_page
from registry.admin.fields import KeptForm
from registry.admin.history import history_page
from registry.admin.history_print import print_page
from registry.admin.sent_twice import made_before, new_token, remember
from registry.admin.stale import TwoAtOnce, as_new
from registry.admin.steps import STEPS, Standing
from registry.admin.workflow import step_page
from registry.ledger.context import recorded
from registry.queries.history import last_words
from registry.queries.inbox import in_state
from registry.queries.reviews import Review, last_change, reviews
from registry.rules import codes
from registry.rules.problems import Problem
from registry.rules.reasons import offered


class ReasonForm(KeptForm, forms.Form):
    change_reason = forms.CharField(required=False, max_length=500, label="Lý do sửa")

    def clean_change_reason(self) -> str:
        try:
            return offered(self.cleaned_data["change_reason"])
        except Problem as problem:
            raise ValidationError(problem.message, code=problem.code) from None


class ReviewStateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "review_state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(codes.REVIEW_STATE.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        if state not in codes.REVIEW_STATE:
            return queryset
        return queryset.filter(pk__in=in_state(queryset.model.kind, state))


class ReviewedChangeList(ChangeList):
    """Looks the states of a page's rows up together. By name means in the order of Vietnamese."""

    def get_ordering_field(self, field_name: Any) -> Any:
        return "sort_key" if field_name == "name" else super().get_ordering_field(field_name)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = reviews(self.model.kind, [row.pk for row in self.result_list])
        for row in self.result_list:
            row.review = found.get(row.pk)


class ReviewedAdmin(TwoAtOnce):
    """A subject in the admin.

    Every POST is recorded: under the ledger's lock, with the user and the reason typed beside the buttons.
    """

    change_form_template = "admin/registry/workflow/change_form.html"

    class Media:
        css = {"all": ("registry/workflow.css",)}

    # Saving

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        context = {"reviewed": True, "form_token": new_token(), **(extra_context or {})}
        if request.method != "POST":
            # Read before the record: what is saved in between makes the form stale, not the check blind.
            seen = last_change(self.model(pk=object_id)) if object_id and object_id.isdecimal() else 0
            context |= {"seen": seen, "standing": self._standing(request, object_id)}
            return super().changeform_view(request, object_id, form_url, context)
        reason = ReasonForm(request.POST)
        said = reason.cleaned_data["change_reason"] if reason.is_valid() else ""
        refusals = [ValidationError(f"Lý do sửa: {text}") for text in reason.errors.get("change_reason", ())]
        with recorded(reason=said):
            if not object_id and (again := self._again(request)):
                return again
            subject = self.get_object(request, unquote(object_id)) if object_id else None
            if object_id and subject is None and (gone := self._gone(request, object_id)):
                return gone
            tab = self.refuse_stale(request, subject, *refusals)
            context |= {"stale": tab, "change_reason": request.POST.get("change_reason", "")}
            if subject:
                context |= {"seen": last_change(subject), "standing": self._standing(request, object_id)}
            return super().changeform_view(request, object_id, form_url, context)

    def _again(self, request: HttpRequest) -> HttpResponseRedirect | None:
        """The record that the first of two clicks has made."""
        pk = made_before(request)
        made = self.get_object(request, str(pk)) if pk else None
        if made is None:
            return None
        self.message_user(request, f"Đã lưu “{made}”. Bấm hai lần chỉ tạo một bản ghi.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:registry_{self.opts.model_name}_change", args=[made.pk]))

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponseBase | None:
        """Somebody deleted the draft meanwhile: what was typed stands in the form of a new one."""
        pk = unquote(object_id)
        act = last_words(self.model, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
        if act is None or not self.has_add_permission(request):
            return None
        request.POST = as_new(self, request)
        request.stale, request.refusals = (
            None,
            [
                ValidationError(
                    f"Chưa lưu: {act.who} đã xóa bản nháp này lúc {act.at_text}. Những gì bạn gõ còn nguyên bên dưới; "
                    "bấm Lưu để tạo lại thành bản ghi mới, hoặc rời trang này.",
                    code="deleted_meanwhile",
                )
            ],
        )
        opts = self.opts
        return super().changeform_view(
            request, None, reverse(f"admin:{opts.app_label}_{opts.model_name}_add"),
            {"reviewed": True, "form_token": new_token(), "change_reason": request.POST.get("change_reason", "")},
        )  # fmt: skip

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> Any:
        remember(request, obj)
        return self._to_submit(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Model) -> Any:
        return self._to_submit(request, obj) or super().response_change(request, obj)

    def _to_submit(self, request: HttpRequest, obj: Model) -> HttpResponseRedirect | None:
        if "_submit_for_review" not in request.POST:
            return None
        self.message_user(request, f"Đã lưu “{obj}”.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:registry_{self.opts.model_name}_submit", args=[obj.pk]))

    # The way to the public

    def _standing(self, request: HttpRequest, object_id: str | None) -> Any:
        """What the box at the top of a record's page shows; looked up when it is shown."""

        def look() -> Standing | None:
            subject = self.get_object(request, unquote(object_id)) if object_id else None
            return Standing.of(self, request, subject) if subject else None

        return SimpleLazyObject(look)

    def get_urls(self) -> list[URLPattern]:
        steps = [
            path(
                f"<int:object_id>/{step.slug}/",
                self.admin_site.admin_view(partial(step_page, self, step)),
                name=f"registry_{self.opts.model_name}_{step.slug.replace('-', '_')}",
            )
            for step in STEPS
        ]
        pages = [
            path(
                f"<int:object_id>/{slug}/",
                self.admin_site.admin_view(partial(page, self)),
                name=f"registry_{self.opts.model_name}_{slug.replace('-', '_')}",
            )
            for slug, page in (
                ("as-it-was", past_page),
                ("restore", restore_page),
                ("history-print", print_page),
            )
        ]
        return steps + pages + super().get_urls()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return history_page(self, request, object_id)

    # Lists

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReviewedChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Where a record stands comes second: in sight however narrow the window is."""
        first, *rest = super().get_list_display(request)
        return [first, "review_state", *rest]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [ReviewStateFilter, *super().get_list_filter(request)]

    @admin.display(description="tình trạng")
    def review_state(self, row: Any) -> SafeString | str:
        review: Review | None = getattr(row, "review", None)
        if review is None:
            return ""
        return format_html(
            '<span class="state state-{}">{}</span>', review.state, codes.REVIEW_STATE.vi(review.state)
        )

    # What is not done here

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a subject here: a draft is discarded, a published one is withdrawn."""
        return False

    # The ledger tells who did what; a second log could only disagree with it.
    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        pass
