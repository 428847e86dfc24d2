import random
import time

import pytest

from registry.rules.word_differences import LONG, word_difference

BEFORE = "Giao Sở Công Thương báo cáo Ủy ban nhân dân thành phố trước ngày 15 hằng tháng về tiến độ"


def told(before: str, after: str) -> list[str]:
    signs = {"kept": "", "gone": "-", "came": "+"}
    return [signs[part.state] + part.text for part in word_difference(before, after)]


def test_words_that_went_and_came_stand_between_those_that_stayed():
    assert told(BEFORE, BEFORE.replace("hằng tháng", "hằng quý")) == [
        "… phố trước ngày 15 hằng".replace("… phố", "… thành phố"),
        "-tháng",
        "+quý",
        "về tiến độ",
    ]


def test_words_added_at_the_end_are_told_alone():
    assert told(BEFORE, f"{BEFORE} và khó khăn")[-1] == "+và khó khăn"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ngắn", "ngắn hơn"),
        (BEFORE, ""),
        ("", BEFORE),
        (BEFORE, "x" * LONG),
        ("a " * 20_000, "b " * 20_000),
    ],
)
def test_short_texts_and_those_with_little_in_common_are_not_compared(before, after):
    assert word_difference(before, after) == ()


def test_nothing_that_went_or_came_is_lost():
    after = "Nay " + BEFORE.replace("Công Thương", "Tài chính").replace("15", "20")
    parts = word_difference(BEFORE, after)
    for state, text in (("gone", BEFORE), ("came", after)):
        for part in parts:
            if part.state == state:
                assert part.text in text
    assert {part.text for part in parts if part.state == "gone"} == {"Công Thương", "15"}
    assert {part.text for part in parts if part.state == "came"} == {"Nay", "Tài chính", "20"}


WORDS = 20_000


def long_text(*, of: int) -> list[str]:
    """WORDS words, of so many different ones; every twentieth ends a sentence."""
    some = random.Random(of)
    return [f"{some.randrange(of)}{'.' if n % 20 == 19 else ''}" for n in range(WORDS)]


@pytest.mark.parametrize("text", [long_text(of=300), long_text(of=WORDS), BEFORE.split() * 1000])
@pytest.mark.parametrize("every", [WORDS // 3, 100, 20])
def test_texts_of_any_length_are_told_by_word(text: list[str], every: int):
    text = text[:WORDS]
    after = [f"mới-{n}" if n % every == 7 else word for n, word in enumerate(text)]

    parts = word_difference(" ".join(text), " ".join(after))

    changed = [n for n in range(WORDS) if n % every == 7]
    assert [part.text for part in parts if part.state == "came"] == [after[n] for n in changed]
    assert [part.text for part in parts if part.state == "gone"] == [text[n] for n in changed]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a", "b"] * (WORDS // 2), ["b", "a", "a"] * (WORDS // 3)),
        (["a"] * WORDS, ["a", "b"] * (WORDS // 2)),
        (long_text(of=50), long_text(of=51)),
        (long_text(of=WORDS), long_text(of=WORDS)[::-1]),
        (long_text(of=WORDS), sorted(long_text(of=WORDS))),
    ],
)
def test_whatever_the_texts_it_takes_a_moment_and_makes_nothing_up(before: list[str], after: list[str]):
    began = time.process_time()
    parts = word_difference(" ".join(before), " ".join(after))
    assert time.process_time() - began < 3

    gone, came = (sum(len(p.text.split()) for p in parts if p.state == fate) for fate in ("gone", "came"))
    assert not parts or gone - came == len(before) - len(after)
