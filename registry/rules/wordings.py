"""How documents put our classifications: the Vietnamese words that say one code of a list and no other.

A paper says “phường”, “giảm 50%”, “mục tiêu”; the registry keeps a code. Here stands which words mean which code, so
that what a paper says can be held against the code chosen. Words are compared with their diacritics (“từ” is not
“tư”) and without capitals; where one phrase holds another (“thị xã”, “xã”), the longer one is what was said. Our own
label says a code too; of codes like “other” and “unknown” nothing else does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from registry.rules import codes
from registry.rules.code_lists import CodeList
from registry.rules.text import clean_text, mend_letters, search_text


@dataclass(frozen=True, slots=True)
class Coded:
    """One code of a list, as what a citable field says."""

    of: CodeList
    code: str

    @property
    def label(self) -> str:
        return self.of.vi(self.code)


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its kind, by code: there are a commune and a township of the same name."""

    kind: str
    name: str

    @property
    def label(self) -> str:
        return f"{_kind_words(self.kind)} {self.name}"


#: By list and code, words that papers have for it, beside our own label.
WORDS: dict[str, dict[str, str]] = {
    codes.ASSIGNMENT_KIND.name: {"task": "giao", "proposal": "kiến nghị | đề nghị | đề xuất"},
    codes.AUTHORITY_LEVEL.name: {
        "central": "Chính phủ | Thủ tướng | Quốc hội",
        "ministry": "bộ | cục | tổng cục | vụ",
        "city": "UBND TP | UBND tỉnh | HĐND TP | HĐND tỉnh",
        "department": "sở | ban quản lý",
        "district": "UBND huyện | UBND quận | huyện | quận",
        "commune": "UBND xã | UBND phường | xã | phường | đặc khu",
        "party": "thành ủy | tỉnh ủy | Ban Chấp hành | Bộ Chính trị | TW",
    },
    codes.CAPITAL_KIND.name: {
        "first_registration": "cấp mới | lần đầu",
        "increase": "tăng vốn | tăng thêm | bổ sung vốn",
        "decrease": "giảm vốn",
        "correction": "đính chính",
        "reported_total": "tổng vốn | nâng tổng vốn | con số về vốn",
    },
    codes.CAPITAL_MEASURE.name: {
        "registered": "đăng ký | đăng ký đầu tư",
        "implemented": "thực hiện | giải ngân",
        "announced": "tổng vốn đầu tư | công bố",
        "group_total": "tập đoàn | các tập đoàn | hệ sinh thái đầu tư",
    },
    codes.DECISION_KIND.name: {
        "plan": "quy hoạch",
        "notice": "thông báo",
        "official_letter": "công văn",
    },
    codes.DECISION_RELATION.name: {
        "amends": "sửa đổi | bổ sung | điều chỉnh",
        "revokes": "bãi bỏ",
        "annuls": "hủy bỏ | huỷ bỏ",
        "replaces": "thay thế",
        "based_on": "căn cứ",
    },
    codes.EFFECT.name: {
        "planned": "vào quy hoạch",
        "policy_approved": "chủ trương đầu tư",
        "developer_appointed": "chủ đầu tư",
        "annulled": "huỷ bỏ",
        "removed_from_plan": "ra khỏi quy hoạch",
    },
    codes.EFFECT_RELATION.name: {
        "corrects": "đính chính",
        "amends": "điều chỉnh | sửa đổi",
        "ends": "chấm dứt | bãi bỏ",
    },
    codes.INCENTIVE_KIND.name: {
        "corporate_income_tax": "thuế TNDN",
        "land_rent": "thuê đất",
        "research": "R&D",
        "other": "một số sản phẩm",
    },
    codes.INCENTIVE_STATUS.name: {
        "in_force": "đã thuộc | đang hưởng | được hưởng | hiện hành",
        "planned": "đang cập nhật | bổ sung | sẽ | đề xuất | kiến nghị",
    },
    codes.INCENTIVE_TERM.name: {"rate": "thuế suất | mức"},
    codes.INDICATOR_SCOPE.name: {
        "city": "thành phố | Hải Phòng",
        "zones": "khu công nghiệp | khu kinh tế | các khu",
        "clusters": "cụm công nghiệp | cụm",
        "investor": "nhà đầu tư | công ty | tập đoàn | doanh nghiệp",
        "project": "dự án | nhà máy | tổ hợp",
    },
    codes.INVESTOR_KIND.name: {"enterprise": "công ty | nhà máy", "group": "tập đoàn | các tập đoàn"},
    codes.LEGAL_INSTRUMENT_KIND.name: {"plan": "quy hoạch | kế hoạch", "other": "danh mục"},
    codes.OPERATING_STATUS.name: {
        "not_operating": "thủ tục về đầu tư | thủ tục đầu tư",
        "building": "đang đầu tư hạ tầng | đang xây dựng | đang thi công",
        "suspended": "tạm ngừng | tạm dừng",
        "ended": "chấm dứt hoạt động | ngừng hoạt động",
    },
    codes.PLACE_KIND.name: {},
    codes.SIGNED_FOR.name: {
        "tm": "tm | thay mặt",
        "kt": "kt | ký thay",
        "tuq": "tuq | thừa ủy quyền",
        "tl": "tl | thừa lệnh",
    },
    codes.SUCCESSION_EXTENT.name: {
        "whole": "hợp nhất | nguyên trạng",
        "part": "1 phần | phần còn lại",
        "candidate": "có thể | chưa xác định | chưa rõ",
    },
    codes.VALUE_KIND.name: {
        "actual": "có | đạt | đã | hiện | từ | chiếm | lũy kế | luỹ kế | tăng vọt | tăng trưởng",
        "target": "phấn đấu | kỳ vọng | đặt mục tiêu | tầm nhìn",
        "expected": "có thể | sẽ | chuẩn bị | ước đạt",
    },
    codes.ZONE_KIND.name: {
        "airport": "sân bay",
        "seaport": "cảng nước sâu | bến cảng",
    },
    codes.ZONE_STATUS.name: {
        "planned": "dự kiến | quy hoạch | chủ trương thành lập | siêu dự án",
        "existing": "tại khu công nghiệp | tại khu kinh tế | đang hoạt động",
    },
}

_ABBREVIATED = {
    "hđnd": "hội đồng nhân dân",
    "kcn": "khu công nghiệp",
    "kkt": "khu kinh tế",
    "ccn": "cụm công nghiệp",
    "tp": "thành phố",
    "ubnd": "ủy ban nhân dân",
}


def says(as_stated: str, value: Coded) -> bool | None:
    """Whether the words say the code (True), another one of its list and not this (False), or none (None)."""
    said = _said(value.of.name, as_stated)
    return True if value.code in said else False if said else None


def kind_before(text: str) -> str | None:
    """The words for a kind of place with which a text ends, as in our list: “thị trấn”, and no “xã” of a “thị xã”."""
    kinds = {_kind_words(code).lower() for code in codes.PLACE_KIND}
    before = f" {' '.join(text.split())}"
    found = [kind for kind in kinds if before.endswith(f" {search_text(kind)}")]
    return max(found, key=len, default=None)


def is_of_kind(words: str | None, place: Place) -> bool:
    """Whether the words for a kind, None where there are none, may be of that place."""
    return words is None or words == _kind_words(place.kind).lower()


def _kind_words(code: str) -> str:
    """“Thành phố (cấp huyện)” is written as any other city."""
    return codes.PLACE_KIND.vi(code).partition(" (")[0]


@lru_cache(maxsize=8192)
def _said(name: str, text: str) -> frozenset[str]:
    """The codes of the list that the words say."""
    words = f" {_words(text)} "
    found: list[tuple[int, int, str]] = []
    for phrase, code in _phrases(name):
        at = words.find(f" {phrase} ")
        while at >= 0:
            found.append((at + 1, at + 1 + len(phrase), code))
            at = words.find(f" {phrase} ", at + 1)
    return frozenset(
        code
        for start, end, code in found
        if not any(
            left <= start and end <= right and (left, right) != (start, end) for left, right, _ in found
        )
    )


def _words(text: str) -> str:
    """The words, lower case, one spelling of letters, the usual abbreviations written out."""
    written = clean_text(mend_letters(text)).casefold()
    return " ".join(_ABBREVIATED.get(word, word) for word in re.findall(r"[^\W_]+", written))


@lru_cache(maxsize=64)
def _phrases(name: str) -> tuple[tuple[str, str], ...]:
    of = _LISTS[name]
    said = WORDS[name]
    return tuple(
        (phrase, code)
        for code, label, _ in of.entries
        for wording in (label, *said.get(code, "").split("|"))
        if (phrase := _words(wording))
    )


_LISTS = {
    of.name: of
    for of in (
        codes.ASSIGNMENT_KIND,
        codes.AUTHORITY_LEVEL,
        codes.CAPITAL_KIND,
        codes.CAPITAL_MEASURE,
        codes.DECISION_KIND,
        codes.DECISION_RELATION,
        codes.EFFECT,
        codes.EFFECT_RELATION,
        codes.INCENTIVE_KIND,
        codes.INCENTIVE_STATUS,
        codes.INCENTIVE_TERM,
        codes.INDICATOR_SCOPE,
        codes.INVESTOR_KIND,
        codes.LEGAL_INSTRUMENT_KIND,
        codes.OPERATING_STATUS,
        codes.PLACE_KIND,
        codes.SIGNED_FOR,
        codes.SUCCESSION_EXTENT,
        codes.VALUE_KIND,
        codes.ZONE_KIND,
        codes.ZONE_STATUS,
    )
}
