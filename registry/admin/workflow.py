"""The page of one step: it asks, then it acts."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.admin.steps import Approve, Return, Standing, Step, Submit
from registry.ledger.context import recorded
from registry.models import SUBJECTS
from registry.rules.problems import Problem


def step_page(model_admin: ModelAdmin, step: Step, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """Ask, then act. Whatever is refused is said on the page, with everything typed still there."""
    if request.method != "POST":
        return _answer(model_admin, step, request, object_id)
    # From the first look to the act nobody else can change the record.
    with recorded():
        return _answer(model_admin, step, request, object_id)


def _answer(model_admin: ModelAdmin, step: Step, request: HttpRequest, object_id: int) -> HttpResponseBase:
    subject = model_admin.get_object(request, str(object_id))
    if not model_admin.has_view_or_change_permission(request, subject):
        raise PermissionDenied
    if subject is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, str(object_id))
    at = Standing.of(model_admin, request, subject)
    if not step.permitted(at):
        raise PermissionDenied
    if not step.possible(at):
        messages.warning(request, _not_now(step, at))
        return HttpResponseRedirect(_home(at))
    form, problem = (
        step.form(request.POST if request.method == "POST" else None, initial=step.initial(at)),
        None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, step.take(at, form.cleaned_data, request))
            return HttpResponseRedirect(_after(at))
        except Problem as refused:
            problem = refused
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{step.label}: {subject}",
        "opts": model_admin.opts,
        "step": step, "at": at, "form": form, "problem": problem, "sight": step.sight(at, request), "home": _home(at),
        "media": model_admin.media,
    }  # fmt: skip
    return TemplateResponse(request, "admin/registry/workflow/step.html", context)


def _home(at: Standing) -> str:
    return reverse(f"admin:registry_{at.model_name}_change", args=[at.subject.pk])


def _after(at: Standing) -> str:
    if SUBJECTS[at.subject.kind]._default_manager.filter(pk=at.subject.pk).exists():
        return _home(at)
    return reverse(f"admin:registry_{at.model_name}_changelist")


def _not_now(step: Step, at: Standing) -> str:
    """Why a step that was possible a moment ago no longer is: a second click, a colleague, an edit."""
    state = at.review.state
    if isinstance(step, Approve) and state == "published":
        return f"“{at.subject}” đã được công bố, không còn gì để duyệt."
    if isinstance(step, Approve | Return) and state in ("changed", "draft"):
        return f"“{at.subject}” chưa được trình hoặc đã được sửa sau khi trình, nên chưa duyệt được. Hãy chờ trình lại."
    if isinstance(step, Submit) and state == "submitted":
        return f"“{at.subject}” đang chờ duyệt."
    return f"“{at.subject}” đang ở tình trạng “{at.state_label}”, nên không thể “{step.label}”."
