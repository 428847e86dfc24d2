import pytest

from registry.rules.enterprise_codes import parse_enterprise_code
from registry.rules.problems import Problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0100047516", "0100047516"),
        ("0100233488", "0100233488"),
        (" 01.00\u00a0233 488 ", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("0314409058 – 002", "0314409058-002"),
        ("0314409058002", "0314409058-002"),
    ],
)
def test_a_sound_enterprise_code_is_stored_in_one_spelling(text, code):
    assert parse_enterprise_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0202000000", "enterprise_code_check_digit"),
        ("0100233489", "enterprise_code_check_digit"),
        ("010023348", "enterprise_code_length"),
        ("", "enterprise_code_length"),
        ("01002334AB", "enterprise_code_characters"),
        ("0100000000", "enterprise_code_never_issued"),
        ("0314409058-000", "enterprise_code_never_issued"),
    ],
)
def test_a_mistyped_enterprise_code_is_refused_saying_what_is_wrong(text, code):
    with pytest.raises(Problem) as refusal:
        parse_enterprise_code(text)
    assert refusal.value.code == code
    assert refusal.value.message.startswith("Mã số doanh nghiệp")
