"""Lists of codes about zones, investors, capital, indicators, incentives and assignments."""

from registry.rules.code_lists import CodeList

ZONE_KIND = CodeList(
    "zone_kind",
    "Kinds of zone and of large infrastructure that are not industrial clusters.",
    (
        ("industrial_park", "Khu công nghiệp", "Industrial park"),
        ("economic_zone", "Khu kinh tế", "Economic zone"),
        ("free_trade_zone", "Khu thương mại tự do", "Free-trade zone"),
        ("airport", "Cảng hàng không", "Airport"),
        ("seaport", "Cảng biển", "Seaport"),
    ),
)

ZONE_STATUS = CodeList(
    "zone_status",
    "Whether a zone exists, by what was reported.",
    (
        ("unknown", "Chưa rõ", "Unknown"),
        ("planned", "Dự kiến, đang quy hoạch", "Planned"),
        ("existing", "Đã có", "Existing"),
    ),
)

INVESTOR_KIND = CodeList(
    "investor_kind",
    "Whether an investor is one enterprise or a group of them.",
    (
        ("enterprise", "Doanh nghiệp", "Enterprise"),
        ("group", "Tập đoàn, nhóm doanh nghiệp", "Group of enterprises"),
    ),
)

CAPITAL_MEASURE = CodeList(
    "capital_measure",
    "What an amount of capital is. The measures are never added up or compared with each other.",
    (
        ("registered", "Vốn đăng ký", "Registered"),
        ("implemented", "Vốn thực hiện", "Implemented"),
        (
            "announced",
            "Vốn công bố, nguồn không nói rõ loại",
            "Announced; the source does not say which kind",
        ),
        ("group_total", "Tổng vốn của tập đoàn", "Total of a group"),
    ),
)

CAPITAL_KIND = CodeList(
    "capital_kind",
    "What happened to capital.",
    (
        ("first_registration", "Đăng ký lần đầu", "First registration"),
        ("increase", "Tăng vốn", "Increase"),
        ("decrease", "Giảm vốn", "Decrease"),
        ("correction", "Đính chính", "Correction"),
        ("reported_total", "Tổng vốn được nêu", "Reported total"),
    ),
)

INDICATOR_SCOPE = CodeList(
    "indicator_scope",
    "What a value of an indicator is about.",
    (
        ("city", "Toàn thành phố", "The whole city"),
        ("zones", "Các khu công nghiệp, khu kinh tế", "The zones: all of them, or those named"),
        ("clusters", "Một nhóm cụm công nghiệp", "A set of clusters, those named"),
        ("investor", "Một nhà đầu tư", "One investor"),
        ("project", "Một dự án", "One project"),
    ),
)

VALUE_KIND = CodeList(
    "value_kind",
    "Whether a value happened, is aimed at, or is expected.",
    (
        ("actual", "Thực tế", "Actual"),
        ("target", "Mục tiêu", "Target"),
        ("expected", "Dự kiến", "Expected"),
    ),
)

INCENTIVE_KIND = CodeList(
    "incentive_kind",
    "What an incentive is about.",
    (
        ("corporate_income_tax", "Thuế thu nhập doanh nghiệp", "Corporate income tax"),
        ("import_duty", "Thuế nhập khẩu", "Import duty"),
        ("land_rent", "Tiền thuê đất", "Land rent"),
        ("credit", "Tín dụng", "Credit"),
        ("research", "Nghiên cứu phát triển", "Research and development"),
        ("small_business", "Doanh nghiệp nhỏ và vừa", "Small and medium enterprises"),
        ("other", "Khác", "Other"),
    ),
)

INCENTIVE_STATUS = CodeList(
    "incentive_status",
    "Whether an incentive is in force, by its sources.",
    (
        ("in_force", "Đang áp dụng", "In force"),
        ("planned", "Dự kiến", "Planned"),
    ),
)

INCENTIVE_TERM = CodeList(
    "incentive_term",
    "One term of an incentive.",
    (
        ("exemption", "Miễn", "Exempt"),
        ("reduction", "Giảm", "Reduced by a share"),
        ("rate", "Áp dụng mức", "At a preferential rate"),
        ("support", "Hỗ trợ", "Support"),
    ),
)

ASSIGNMENT_KIND = CodeList(
    "assignment_kind",
    "Whether somebody was told to do a thing or asked to.",
    (
        ("task", "Giao nhiệm vụ", "Task"),
        ("proposal", "Kiến nghị", "Proposal"),
    ),
)
