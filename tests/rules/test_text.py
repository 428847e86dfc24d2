import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.text import clean_text, plain_dashes, search_text, slug, sort_key

VIETNAMESE = st.text(
    alphabet="aàảãáạăằâậbcdđeềghiklmnoôơộpqrstuưựvxyAĂÂĐÊÔƠƯỰ 0123456789-\u00a0\u0301", max_size=30
)


def test_cleaned_text_is_composed_and_has_single_plain_spaces():
    assert clean_text("  Tiên\u00a0Cường   II\u200b ") == "Tiên Cường II"
    assert clean_text(unicodedata.normalize("NFD", "Giang Biên")) == "Giang Biên"
    assert clean_text("một\r\n hai\x00\u202e\ufeff\ud800") == "một hai"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text())
def test_the_searched_form_of_a_searched_form_is_itself(text):
    assert search_text(search_text(text)) == search_text(text)


@given(VIETNAMESE)
def test_the_searched_form_does_not_depend_on_composition_case_or_kind_of_space(text):
    expected = search_text(text)
    assert search_text(unicodedata.normalize("NFD", text)) == expected
    assert search_text(text.upper()) == expected
    assert search_text(text.replace(" ", "\u00a0")) == expected


def test_search_is_blind_to_diacritics_dashes_and_old_fonts():
    assert search_text("Đại Thắng") == "dai thang"
    assert search_text("Ðại Thắng") == "dai thang"
    assert search_text("Tràng Duệ") == "trang due"
    assert search_text("KƯỜNG") == search_text("KƢỜNG") == "kuong"
    assert search_text("Lê Thiện – Đại Bản") == search_text("le thien-dai ban") == "le thien-dai ban"
    assert search_text("An Hoà") == search_text("An Hòa")
    assert search_text("Công ty TNHH MDA E &C") == "cong ty tnhh mda e &c"


def test_every_dash_is_one_hyphen():
    assert plain_dashes("96- KL") == plain_dashes("96 – KL") == plain_dashes("96—KL") == "96-KL"


def test_a_slug_is_ascii_and_ends_on_a_whole_word():
    assert slug("Cụm công nghiệp Dũng Tiến - Giang Biên") == "cum-cong-nghiep-dung-tien-giang-bien"
    assert (
        slug("Công ty cổ phần Đầu tư hạ tầng khu công nghiệp Tiến Phát")
        == "cong-ty-co-phan-dau-tu-ha-tang-khu-cong"
    )
    assert slug("abcdefgh", max_length=5) == "abcde"
    assert slug("one two", max_length=3) == "one"
    assert slug("…") == ""


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_slug_never_exceeds_its_length_nor_leaves_its_alphabet(text, length):
    made = slug(text, max_length=length)
    assert len(made) <= length
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.strip("-") == made
    assert "--" not in made


def test_names_are_ordered_as_in_a_vietnamese_dictionary():
    ordered = [
        "An Dương",
        "An Thọ",
        "Anh",
        "Ăn",
        "Ân",
        "Ba",
        "Cam",
        "Dũng Tiến",
        "Đại Thắng",
        "Em",
        "Êm",
        "Giang Biên",
    ]
    assert sorted(ordered[::-1], key=sort_key) == ordered
    vowels = ["Lo", "Lô", "Lơ", "Lu", "Lư", "Ly"]
    assert sorted(vowels[::-1], key=sort_key) == vowels


def test_an_order_key_has_letters_then_tones_then_capitals():
    assert sort_key("Ba Đình") == "DA-GMRL 0001 101"
    assert sort_key("ba dinh") == "DA-FMRL"


def test_the_whole_alphabet_is_in_order():
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(alphabet[::-1], key=sort_key) == alphabet


def test_tones_follow_none_huyen_hoi_nga_sac_nang():
    toned = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(toned[::-1], key=sort_key) == toned


def test_tones_only_break_ties():
    assert sorted(["Ba Đình", "Bà Chiểu", "Bà Đình"], key=sort_key) == ["Bà Chiểu", "Ba Đình", "Bà Đình"]


def test_capitals_only_break_ties_left_by_tones():
    assert sorted(["Mà", "MA", "ma"], key=sort_key) == ["ma", "MA", "Mà"]


def test_numbers_in_names_are_ordered_by_size():
    numbered = ["Khu 2", "Khu 9", "Khu 10", "Khu 10B", "Khu 100"]
    assert sorted(numbered[::-1], key=sort_key) == numbered
    assert sort_key("Khu 02") == sort_key("Khu 2")


def test_punctuation_only_parts_words():
    assert sort_key("Dũng Tiến - Giang Biên") == sort_key("Dũng Tiến-Giang Biên")
    assert sorted(["Tiên Cường III", "Tiên Cường II", "Tiên Cường"], key=sort_key) == [
        "Tiên Cường",
        "Tiên Cường II",
        "Tiên Cường III",
    ]


@given(VIETNAMESE)
def test_an_order_key_is_ascii_and_blind_to_composition(text):
    key = sort_key(text)
    assert key.isascii()
    assert sort_key(unicodedata.normalize("NFD", text)) == key


@given(st.text())
def test_any_text_has_an_order_key(text):
    assert isinstance(sort_key(text), str)
