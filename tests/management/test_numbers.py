"""A number on a command line that is none, or too large, is refused in a sentence and nothing is done."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    ("called", "says"),
    [
        ("prepare --port 0", "0: cần một số từ 1 đến 65535"),
        ("prepare --port 65536", "65536: cần một số từ 1 đến 65535"),
        ("prepare --port tám", "tám: cần một số từ 1 đến 65535"),
        ("prepare --port ٨", "٨: cần một số từ 1 đến 65535"),
        (f"backup --keep {'9' * 5000}", "9: cần một số từ 1 trở lên"),
        ("deliver_webhooks --threads 33", "33: cần một số từ 1 đến 32"),
        ("deliver_webhooks --lease nhiều", "nhiều: cần một số trên 0, nhiều nhất 3600 (giây)"),
        ("deliver_webhooks --lease nan", "nan: cần một số trên 0, nhiều nhất 3600 (giây)"),
        ("deliver_webhooks --interval 0", "0: cần một số trên 0, nhiều nhất 3600 (giây)"),
        ("deliver_webhooks --interval 3600.5", "3600.5: cần một số trên 0, nhiều nhất 3600 (giây)"),
    ],
)
def test_it_is_refused_in_words(called: str, says: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(*called.split())
    assert str(refused.value).endswith(says)
