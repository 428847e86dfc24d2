import pytest

from registry.rules.problems import Problem
from registry.rules.reasons import demanded, offered

UNSEEN = [
    "\u200b",
    " \u200b\ufeff",
    "\u2060\u00ad",
    "\x07",
    "\u3164",
    "\u2800",
    "\u034f",
    "\ufe0f",
    "\u202e",
    "\u00a0\u3000",
]


@pytest.mark.parametrize("text", ["", "  ", *UNSEEN])
def test_what_has_to_be_said_has_to_be_seen(text):
    with pytest.raises(Problem) as refused:
        demanded(text, "reason_missing", "Hãy ghi lý do.")
    assert (refused.value.code, refused.value.message) == ("reason_missing", "Hãy ghi lý do.")


@pytest.mark.parametrize("text", [text for text in UNSEEN if text.strip()])
def test_what_may_be_left_empty_is_left_empty_or_seen(text):
    with pytest.raises(Problem) as refused:
        offered(text)
    assert refused.value.code == "reason_invisible"


@pytest.mark.parametrize("text", [" theo bản giấy\n", "15", "?", "\u200bđúng", "→"])
def test_what_is_seen_is_kept_as_it_was_typed(text):
    assert demanded(text, "x", "x") == offered(text) == text.strip()


def test_nothing_may_be_offered():
    assert offered(" ") == ""
