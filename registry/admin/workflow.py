"""The page of one step: it asks, then it acts."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.admin.steps import Approve, Return, Sight, Standing, Step, Submit
from registry.ledger.context import recorded
from registry.models import SUBJECTS
from registry.models.base import Subject
from registry.queries.history import Act, changes_since
from registry.queries.reviews import last_change
from registry.rules.problems import Problem


def step_page(model_admin: ModelAdmin, step: Step, request: HttpRequest, object_id: int) -> HttpResponseBase:
    """Ask, then act. Whatever is refused is said on the page, with everything typed still there."""
    if request.method != "POST":
        return _answer(model_admin, step, request, object_id)
    # From the first look to the act nobody else can change the record.
    with recorded():
        return _answer(model_admin, step, request, object_id)


def _answer(model_admin: ModelAdmin, step: Step, request: HttpRequest, object_id: int) -> HttpResponseBase:
    # Read before the record: what is saved in between is shown as new, never taken as seen.
    position = last_change(model_admin.model(pk=object_id))
    subject = model_admin.get_object(request, str(object_id))
    if not model_admin.has_view_or_change_permission(request, subject):
        raise PermissionDenied
    if subject is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, str(object_id))
    at = Standing.of(model_admin, request, subject)
    if not step.permitted(at):
        raise PermissionDenied
    form = step.form(request.POST if request.method == "POST" else None, initial=step.initial(at))
    problem, possible = None, step.possible(at)
    if not possible:
        # Words are kept: who wrote them may copy them, or send them once the step is possible again.
        if not any(request.POST.get(name, "").strip() for name in form.fields):
            messages.warning(request, _not_now(step, at))
            return HttpResponseRedirect(_home(at))
        problem = Problem("not_now", _not_now(step, at))
    elif request.method == "POST" and form.is_valid():
        try:
            if step.acts_on_what_was_seen and request.POST.get("seen") != str(position):
                raise _changed(step)
            messages.success(request, step.take(at, form.cleaned_data, request))
            return HttpResponseRedirect(_after(at))
        except Problem as refused:
            problem = refused
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{step.label}: {subject}",
        "opts": model_admin.opts,
        "step": step, "at": at, "form": form, "problem": problem,
        "sight": step.sight(at, request) if possible else Sight(), "home": _home(at),
        "media": model_admin.media, "position": position, "acts": _meanwhile(request, subject),
    }  # fmt: skip
    return TemplateResponse(request, "admin/registry/workflow/step.html", context)


def _changed(step: Step) -> Problem:
    return Problem(
        "changed_meanwhile",
        "Chưa thực hiện: bản ghi đã được sửa sau khi bạn mở trang. Hãy xem nội dung bây giờ, "
        f"rồi bấm “{step.label}” lần nữa.",
    )


def _meanwhile(request: HttpRequest, subject: Subject) -> tuple[Act, ...]:
    """What others did to the record since the page that is sent back was opened."""
    seen = request.POST.get("seen", "")
    # A number too long for the database is nobody's.
    return changes_since(subject, int(seen)) if seen.isascii() and seen.isdigit() and len(seen) < 19 else ()


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
