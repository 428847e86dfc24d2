"""The quick way to ask whether a figure has a rival says what the long one says."""

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.rivals import disagreeing, rivals

FIGURES = st.lists(
    st.fixed_dictionaries(
        {
            "capital_kind": st.sampled_from(["reported_total", "first_registration", "increase"]),
            "measure": st.sampled_from(["registered", "announced"]),
            "currency": st.sampled_from(["USD", "VND"]),
            "programme_earliest": st.none(),
            "programme_latest": st.sampled_from([None, "2025-12-31"]),
            "amount": st.integers(1, 3),
            "amount_qualifier": st.sampled_from(["exact", "over"]),
        }
    ),
    max_size=12,
)


@given(FIGURES)
def test_those_that_have_a_rival_are_those_that_name_one(figures):
    rows = [figure | {"position": position} for position, figure in enumerate(figures, 1)]
    assert disagreeing(rows) == set(rivals(rows))
