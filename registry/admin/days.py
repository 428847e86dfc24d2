"""What a page of what happened is asked for by day: the same two inputs on every such page."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

#: The first and the last of Python's days have no moment in UTC.
_YEARS = range(1900, 9999)


class DaysForm(forms.Form):
    """From which day to which, in Hà Nội, both included; either may be left empty."""

    since = forms.DateField(
        label="Từ ngày", required=False, widget=forms.DateInput({"placeholder": "21/11/2026"})
    )
    until = forms.DateField(
        label="Đến hết ngày", required=False, widget=forms.DateInput({"placeholder": "22/11/2026"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = "Hãy ghi ngày như 21/11/2026."

    def clean_since(self) -> date | None:
        return self._day("since")

    def clean_until(self) -> date | None:
        return self._day("until")

    def _day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day.year not in _YEARS:
            raise ValidationError("Hãy ghi ngày như 21/11/2026.", code="day_out_of_reach")
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", ValidationError("“Đến” phải từ “Từ” trở đi.", code="period_out_of_order"))
        return data
