"""Rows of a record that are numbered as its paper lists them, so that a citation can name one."""

from typing import Any

from django.forms.models import BaseInlineFormSet

from registry.admin.fields import ComposedForm


class NumberedForm(ComposedForm):
    """A row whose number may be left out: it gets the next one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            position = self.fields["position"]
            position.required = False
            position.help_text = "Để trống: số tiếp theo."
            # The page shows which number that will be.
            position.widget.attrs["data-next-number"] = ""
        if self.instance.pk is None:
            self.initial["position"] = None

    def words(self) -> str:
        """What a saved row says, short: whoever cites it chooses it by them."""
        return str(self.instance)


class NumberedFormSet(BaseInlineFormSet):
    """Gives the rows without a number the next ones. The number of a row that goes is not given to one that comes."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        last = max((form.cleaned_data.get("position") or 0 for form in rows), default=0)
        for form in rows:
            if form.cleaned_data.get("position") is None and not form.cleaned_data.get("DELETE"):
                last += 1
                form.instance.position = last

    def in_words(self) -> dict[int, str]:
        """The rows as they stand on the form, by number: what a saved one says; one just typed says so."""
        found = {}
        for form in self.initial_forms if not self.is_bound else self.forms:
            if self.is_bound and (
                self._should_delete_form(form) or not (form.instance.pk or form.has_changed())
            ):
                continue
            number = getattr(form, "cleaned_data", {}).get("position") or form.instance.position
            found[number] = form.words() if form.instance.pk else "dòng mới"
        return dict(sorted(found.items()))
