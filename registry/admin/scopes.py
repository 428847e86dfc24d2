"""Which scopes a key or a subscription has, in its form."""

from typing import Any

from django import forms

from registry.rules.scopes import SCOPE


class ScopesField(forms.MultipleChoiceField):
    """Some of the scopes, as the model stores them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=SCOPE.choices, label="Phạm vi", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        chosen = super().clean(value)
        return " ".join(scope for scope in SCOPE if scope in chosen)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
