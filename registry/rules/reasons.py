"""What people say of their acts: whoever reads it must be able to see it."""

from registry.rules.api_keys import refuse_keys
from registry.rules.problems import Problem
from registry.rules.text import is_blank


def demanded(text: str, code: str, message: str) -> str:
    """What has to be said, trimmed.

    Raises Problem: with that code and message when nothing is to be seen; key_in_text.
    """
    if is_blank(text):
        raise Problem(code, message)
    refuse_keys(text)
    return text.strip()


def offered(text: str) -> str:
    """What may be left empty, trimmed. Raises Problem: reason_invisible, key_in_text."""
    if not (said := text.strip()):
        return ""
    return demanded(
        said,
        "reason_invisible",
        "Lý do hoặc ghi chú chỉ gồm các ký tự không nhìn thấy. Hãy ghi bằng chữ, hoặc để trống.",
    )
