import pytest

from registry.rules.word_differences import LONG, MOST_WORDS, word_difference

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
        ("a " * (MOST_WORDS + 1), "b " * (MOST_WORDS + 1)),
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
