"""Numbers that are counted, typed as pages show them."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from registry.admin.fields import NumberInput, VietnameseDecimalField


class WholeNumberField(VietnameseDecimalField):
    """A number counted from 1, as pages show it: `1.234`, or `1234`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = NumberInput({"inputmode": "numeric", "size": 12})
        super().__init__(
            **{"widget": widget, "min_value": 1, "decimal_places": 0, "max_digits": 15, **kwargs}
        )

    def to_python(self, value: Any) -> Decimal | None:
        try:
            number = super().to_python(value)
        except ValidationError:
            number = Decimal("NaN")
        if number is not None and (not number.is_finite() or number != number.to_integral_value()):
            raise ValidationError(f"“{value}” không phải một số nguyên. Hãy ghi như 1.234.", code="invalid")
        return number

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number)
