from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import verify_export
from registry.rules.entry_hashes import HASHED, content_digest, entry_hash

TEXT = st.none() | st.text() | st.integers()


@given(st.lists(TEXT, min_size=len(HASHED), max_size=len(HASHED)), st.text(), st.none() | st.text())
def test_who_shows_an_entry_hashes_as_who_verifies_it(
    fields: list[object], salt: str, text: str | None
) -> None:
    assert HASHED == verify_export.HASHED
    assert entry_hash(*fields) == verify_export.entry_hash(*fields)
    assert content_digest(salt, text) == verify_export.digest(salt, text)
