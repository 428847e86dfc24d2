"""Every list of codes the registry uses, with its labels in Vietnamese and English.

Models take their choices from here, bodies their labels, and docs/api/codes.md is printed from here:
`python -m registry.rules.codes`. A code is for ever; labels may be worded better.
"""

from registry.rules.cited_fields import CITED_FIELD
from registry.rules.code_lists import CodeList
from registry.rules.countries import COUNTRY, CURRENCY
from registry.rules.explanations import REASON, RULE
from registry.rules.investment_codes import (
    ASSIGNMENT_KIND,
    CAPITAL_KIND,
    CAPITAL_MEASURE,
    INCENTIVE_KIND,
    INCENTIVE_STATUS,
    INCENTIVE_TERM,
    INDICATOR_SCOPE,
    INVESTOR_KIND,
    VALUE_KIND,
    ZONE_KIND,
    ZONE_STATUS,
)

#: What comes from elsewhere and is found here too.
__all__ = [
    "ASSIGNMENT_KIND",
    "CAPITAL_KIND",
    "CAPITAL_MEASURE",
    "CITED_FIELD",
    "COUNTRY",
    "CURRENCY",
    "INCENTIVE_KIND",
    "INCENTIVE_STATUS",
    "INCENTIVE_TERM",
    "INDICATOR_SCOPE",
    "INVESTOR_KIND",
    "VALUE_KIND",
    "ZONE_KIND",
    "ZONE_STATUS",
    "CodeList",
]

LEGAL_STAGE = CodeList(
    "legal_stage",
    "How far a cluster has come in law, by the decisions published about it.",
    (
        ("unknown", "Chưa rõ", "Unknown"),
        ("planned", "Trong quy hoạch", "In the plan"),
        ("policy_approved", "Đã chấp thuận chủ trương đầu tư", "Investment policy approved"),
        ("established", "Đã thành lập", "Established"),
        ("revoked", "Đã bãi bỏ", "Revoked"),
        ("annulled", "Đã hủy bỏ", "Annulled"),
        ("removed_from_plan", "Đã đưa ra khỏi quy hoạch", "Removed from the plan"),
    ),
)

OPERATING_STATUS = CodeList(
    "operating_status",
    "What goes on in a cluster, by what was reported; independent of its legal stage.",
    (
        ("unknown", "Chưa rõ", "Unknown"),
        ("not_operating", "Chưa hoạt động", "Not operating"),
        ("building", "Đang xây dựng hạ tầng", "Building infrastructure"),
        ("operating", "Đang hoạt động", "Operating"),
        ("suspended", "Tạm ngừng hoạt động", "Suspended"),
        ("ended", "Đã chấm dứt hoạt động", "Ended"),
    ),
)

EFFECT = CodeList(
    "effect",
    "What one decision does to one cluster.",
    (
        ("planned", "Đưa vào quy hoạch", "Put in the plan"),
        ("policy_approved", "Chấp thuận chủ trương đầu tư", "Investment policy approved"),
        ("investor_approved", "Chấp thuận nhà đầu tư", "Investor approved"),
        ("developer_appointed", "Giao chủ đầu tư hạ tầng", "Infrastructure developer appointed"),
        ("established", "Thành lập", "Established"),
        ("expanded", "Mở rộng", "Expanded"),
        ("adjusted", "Điều chỉnh", "Adjusted"),
        ("corrected", "Đính chính", "Clerical error corrected"),
        ("revoked", "Bãi bỏ", "Revoked, from a day on"),
        ("annulled", "Hủy bỏ", "Annulled, from the start"),
        ("removed_from_plan", "Đưa ra khỏi quy hoạch", "Removed from the plan"),
    ),
)

QUALIFIER = CodeList(
    "qualifier",
    "How exactly a quantity was stated.",
    (
        ("exact", "đúng", "exactly"),
        ("about", "khoảng", "about"),
        ("over", "trên", "over"),
        ("nearly", "gần", "nearly"),
        ("up_to", "tối đa", "up to"),
        ("range", "từ … đến …", "between two values"),
    ),
)

DECISION_RELATION = CodeList(
    "decision_relation",
    "What one decision says of another. The ones that end it are revokes, annuls and replaces.",
    (
        ("amends", "Sửa đổi, bổ sung", "Amends"),
        ("corrects", "Đính chính", "Corrects"),
        ("revokes", "Bãi bỏ", "Revokes, from its own day on"),
        ("annuls", "Hủy bỏ", "Annuls, from the start"),
        ("replaces", "Thay thế", "Replaces"),
        ("based_on", "Căn cứ", "Is based on"),
    ),
)

EFFECT_RELATION = CodeList(
    "effect_relation",
    "What one effect does to an effect of another decision.",
    (
        ("corrects", "Đính chính nội dung", "Corrects, on the day of the corrected one"),
        ("amends", "Điều chỉnh nội dung", "Amends, from its own day on"),
        ("ends", "Chấm dứt nội dung", "Ends, from its own day on"),
    ),
)

VERIFICATION = CodeList(
    "verification",
    "Whether staff have checked the record against the paper.",
    (
        ("verified", "Đã xác minh", "Verified"),
        ("to_be_verified", "Cần xác minh", "To be verified"),
    ),
)

AUTHORITY_LEVEL = CodeList(
    "authority_level",
    "Where an authority stands.",
    (
        ("central", "Trung ương", "Central"),
        ("ministry", "Bộ, ngành trung ương", "Ministry"),
        ("city", "Thành phố, tỉnh", "City or province"),
        ("department", "Sở, ngành thành phố", "Department of the city"),
        ("district", "Quận, huyện", "District"),
        ("commune", "Xã, phường, đặc khu", "Commune or ward"),
        ("party", "Cơ quan Đảng", "Party body"),
        ("other", "Khác", "Other"),
    ),
)

PLACE_KIND = CodeList(
    "place_kind",
    "Kinds of administrative unit, abolished kinds included.",
    (
        ("city", "Thành phố", "City under central government"),
        ("province", "Tỉnh", "Province"),
        ("urban_district", "Quận", "Urban district"),
        ("district", "Huyện", "District"),
        ("town", "Thị xã", "District-level town"),
        ("district_city", "Thành phố (cấp huyện)", "District-level city"),
        ("ward", "Phường", "Ward"),
        ("commune", "Xã", "Commune"),
        ("township", "Thị trấn", "Township"),
        ("special_zone", "Đặc khu", "Special zone"),
    ),
)

DECISION_KIND = CodeList(
    "decision_kind",
    "Kinds of signed paper about a cluster.",
    (
        ("decision", "Quyết định", "Decision"),
        ("resolution", "Nghị quyết", "Resolution"),
        ("conclusion", "Kết luận", "Conclusion"),
        ("plan", "Kế hoạch", "Plan"),
        ("notice", "Thông báo", "Notice"),
        ("official_letter", "Công văn", "Official letter"),
        ("report", "Báo cáo", "Report"),
        ("other", "Văn bản khác", "Other paper"),
    ),
)

LEGAL_INSTRUMENT_KIND = CodeList(
    "legal_instrument_kind",
    "Kinds of instrument that decisions rest on.",
    (
        ("law", "Luật", "Law"),
        ("decree", "Nghị định", "Decree"),
        ("circular", "Thông tư", "Circular"),
        ("resolution", "Nghị quyết", "Resolution"),
        ("conclusion", "Kết luận", "Conclusion"),
        ("decision", "Quyết định", "Decision"),
        ("plan", "Quy hoạch, kế hoạch", "Plan"),
        ("other", "Văn bản khác", "Other instrument"),
    ),
)

SIGNED_FOR = CodeList(
    "signed_for",
    "In whose name a paper was signed.",
    (
        ("tm", "TM. (thay mặt)", "On behalf of the body"),
        ("kt", "KT. (ký thay)", "For the head, by a deputy"),
        ("tuq", "TUQ. (thừa ủy quyền)", "By authorisation"),
        ("tl", "TL. (thừa lệnh)", "By order"),
    ),
)

OCCUPANCY_BASIS = CodeList(
    "occupancy_basis",
    "Which land an occupancy counts as taken.",
    (
        ("leased", "Đất công nghiệp đã cho thuê", "Industrial land leased"),
        (
            "leased_or_approved",
            "Đất công nghiệp đã cho thuê hoặc đã được chấp thuận, cấp giấy chứng nhận cho dự án",
            "Industrial land leased, or granted an approval or certificate for production",
        ),
    ),
)

ANNOUNCEMENT_KIND = CodeList(
    "announcement_kind",
    "Why a record appears in the change feed.",
    (
        ("published", "Đã công bố", "Published"),
        ("affected", "Thay đổi theo bản ghi khác", "Changed because another record was published"),
        ("withdrawn", "Đã rút", "Withdrawn"),
        ("took_effect", "Đã đến ngày có hiệu lực", "A change announced earlier has come into effect"),
        (
            "redacted",
            "Đã xóa một giá trị theo luật",
            "A value was erased as the law demands: drop your copies",
        ),
    ),
)

REVIEW_STATE = CodeList(
    "review_state",
    "Where a working record stands on its way to the public.",
    (
        ("draft", "Bản nháp", "Draft"),
        ("submitted", "Chờ duyệt", "Submitted"),
        ("returned", "Bị trả lại", "Returned"),
        ("published", "Đã công bố", "Published"),
        ("changed", "Có thay đổi chưa công bố", "Changed since publication"),
        ("withdrawn", "Đã rút", "Withdrawn"),
    ),
)

DATE_PRECISION = CodeList(
    "date_precision",
    "How exactly a date is known.",
    (
        ("day", "Đúng ngày", "To the day"),
        ("month", "Trong tháng", "To the month"),
        ("year", "Trong năm", "To the year"),
        ("period", "Trong một khoảng thời gian", "Within a period"),
        ("unknown", "Chưa rõ", "Unknown"),
    ),
)

SUCCESSION_EXTENT = CodeList(
    "succession_extent",
    "How much of an abolished unit another one took over.",
    (
        ("whole", "Toàn bộ", "Wholly"),
        ("part", "Một phần", "In part"),
        ("candidate", "Có thể, chưa xác định", "Possibly: not yet resolved"),
    ),
)

NUMBER_FAMILY = CodeList(
    "number_family",
    "Families of paper numbers.",
    (
        ("law", "Luật, nghị quyết của Quốc hội", "Laws of the National Assembly"),
        ("normative", "Văn bản quy phạm pháp luật", "Normative instruments"),
        ("individual", "Văn bản cá biệt", "Individual papers"),
        ("letter", "Công văn", "Official letters"),
        ("party", "Văn bản của Đảng", "Papers of the Party"),
    ),
)

SUBJECT_KIND = CodeList(
    "subject_kind",
    "Kinds of record that are published.",
    (
        ("cluster", "Cụm công nghiệp", "Industrial cluster"),
        ("decision", "Quyết định", "Decision"),
        ("investor", "Nhà đầu tư", "Investor"),
        ("authority", "Cơ quan", "Authority"),
        ("place", "Đơn vị hành chính", "Administrative unit"),
        ("source", "Tài liệu nguồn", "Source document"),
        ("legal_instrument", "Văn bản pháp lý", "Legal instrument"),
        ("zone", "Khu", "Zone"),
        ("sector", "Ngành, nghề", "Sector"),
        ("project", "Dự án đầu tư", "Investment project"),
        ("indicator", "Chỉ tiêu", "Indicator"),
        ("incentive", "Ưu đãi", "Incentive"),
        ("assignment", "Nhiệm vụ, kiến nghị", "Assignment"),
    ),
)

FIT = CodeList(
    "fit",
    "How well a record fits what was searched for.",
    (
        ("exact", "Đúng mã hoặc số", "Its code or number is just this"),
        ("begins", "Tên hoặc số bắt đầu như thế", "Its name or number begins so"),
        ("words", "Có đủ các từ", "It has all the words"),
    ),
)

ALL: tuple[CodeList, ...] = (
    LEGAL_STAGE,
    OPERATING_STATUS,
    EFFECT,
    QUALIFIER,
    DECISION_KIND,
    DECISION_RELATION,
    EFFECT_RELATION,
    VERIFICATION,
    SIGNED_FOR,
    DATE_PRECISION,
    NUMBER_FAMILY,
    LEGAL_INSTRUMENT_KIND,
    AUTHORITY_LEVEL,
    PLACE_KIND,
    SUCCESSION_EXTENT,
    OCCUPANCY_BASIS,
    CITED_FIELD,
    SUBJECT_KIND,
    ZONE_KIND,
    ZONE_STATUS,
    INVESTOR_KIND,
    CAPITAL_MEASURE,
    CAPITAL_KIND,
    INDICATOR_SCOPE,
    VALUE_KIND,
    INCENTIVE_KIND,
    INCENTIVE_STATUS,
    INCENTIVE_TERM,
    ASSIGNMENT_KIND,
    REVIEW_STATE,
    ANNOUNCEMENT_KIND,
    FIT,
    RULE,
    REASON,
    CURRENCY,
    COUNTRY,
)

_PREFACE = """\
# Lists of codes

Every code that a body can hold, with the labels that stand beside it. A code keeps its meaning for ever;
labels may be worded better. A client should pass over a code it does not know: lists can grow.

Printed by `python -m registry.rules.codes`; a test compares.
"""


def as_markdown() -> str:
    """The page docs/api/codes.md, whole."""
    return _PREFACE + "".join(_section(codes) for codes in ALL)


def _section(codes: CodeList) -> str:
    rows = "".join(f"| `{code}` | {vi} | {en} |\n" for code, vi, en in codes.entries)
    return f"\n## {codes.name}\n{codes.about}\n\n| code | Tiếng Việt | English |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    print(as_markdown(), end="")
