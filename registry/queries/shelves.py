"""On which shelves all that has some words stands: from the words alone, whatever number of records has them."""

from collections.abc import Sequence

from registry.models import EditionTerm
from registry.queries.prepared import rows_of
from registry.rules.shelves import ABOVE, FIRST, LAST, WIDTH, bounds

#: Of as many words that begin alike, the shelves are looked up.
MOST_BEGUN = 50


def shelves_of(kind: str, words: Sequence[str]) -> tuple[str, str] | None:
    """The first and the last shelf on which all these words are; None when there is none. One query.

    Of a word so short that hundreds begin so, all shelves.
    """
    table = EditionTerm._meta.db_table
    terms = f"FROM {table} AS t WHERE t.kind = %s AND t.term = 'word'"
    word_of = f"substr({{0}}.value, 1, length({{0}}.value) - {WIDTH})".format
    # Not MIN: PostgreSQL would read all that begins so, which it takes to be one row.
    least = f"SELECT t.value {terms} AND {{}} ORDER BY t.value LIMIT 1"
    # From each word that begins so to the next, and of each its first and last shelf: some look-ups, no walk.
    one = f"""SELECT MIN(substr(value, length(value) - {WIDTH - 2})), MAX(substr(last, length(last) - {WIDTH - 2})),
        COUNT(*) FROM (SELECT value, (SELECT MAX(t.value) {terms} AND t.value >= found.value
            AND t.value < {word_of("found")} || %s) AS last FROM (
          WITH RECURSIVE begun(value, place) AS (
            SELECT CAST(({least.format("t.value >= %s AND t.value < %s")}) AS TEXT), 1
            UNION ALL SELECT CAST(({least.format(f"t.value > {word_of('begun')} || %s AND t.value < %s")}) AS TEXT),
              place + 1 FROM begun WHERE value IS NOT NULL AND place <= {MOST_BEGUN}
          ) SELECT value FROM begun WHERE value IS NOT NULL) AS found) AS ends"""
    given: list[str] = []
    for word in words:
        low, high = bounds(kind, word)
        given += [kind, ABOVE, kind, low, high, kind, ABOVE, high]
    ends = rows_of(" UNION ALL ".join([one] * len(words)), given)
    if not all(many for *_, many in ends):
        return None
    known = [(first, last) for first, last, many in ends if many <= MOST_BEGUN]
    first = max((first for first, _ in known), default=FIRST)
    last = min((last for _, last in known), default=LAST)
    return (first, last) if first <= last else None
