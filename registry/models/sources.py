from django.db import models
from django.db.models import Q

from registry.models.base import (
    NamedSubject,
    Recorded,
    clean_words,
    code_in_form,
    counted,
    dates_within_reason,
    earliest_before_latest,
    filled,
    one_of,
    within_count,
)
from registry.models.checks import Check
from registry.rules import codes


class SourceDocument(NamedSubject):
    """A document that states facts: an article, a report, a scanned paper."""

    kind = "source"
    recorded = Recorded(subject=(("source", "id"),), exclude=("search_text", "sort_key"))

    publisher = models.CharField("nơi đăng", max_length=200, blank=True)
    reference = models.CharField("mã hiệu ở nơi đăng", max_length=200, blank=True)
    url = models.URLField("địa chỉ", max_length=500, blank=True)
    published_earliest = models.DateField("đăng sớm nhất", null=True, blank=True)
    published_latest = models.DateField("đăng muộn nhất", null=True, blank=True)
    published_stated_as = models.CharField("ngày đăng như ghi", max_length=100, blank=True)

    class Meta:
        verbose_name = "tài liệu nguồn"
        verbose_name_plural = "tài liệu nguồn"
        ordering = ["sort_key", "id"]
        constraints = [
            code_in_form("source_code_form"),
            filled("name", "source_named", "Tên"),
            earliest_before_latest("published", "source_published_order", "Ngày đăng"),
            dates_within_reason(("published_earliest", "published_latest"), "source_dates"),
        ]


#: The kinds a citation can belong to, each a foreign key of its own: a row's subject follows from its columns.
CITED = (
    "decision",
    "cluster",
    "investor",
    "authority",
    "place",
    "legal_instrument",
    "zone",
    "sector",
    "project",
    "indicator",
    "incentive",
    "assignment",
)

#: Those whose rows (effects…) have a position, so that a citation can be of one of them.
NUMBERED = ("decision", "investor", "project", "indicator", "incentive", "zone")


def _one_of(names: tuple[str, ...]) -> Q:
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__isnull": False})
    return condition


def _exactly_one(names: tuple[str, ...]) -> Q:
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


class Citation(models.Model):
    """Where one value of one record is stated: document, paragraph or page, and the value as it stands there."""

    recorded = Recorded(subject=tuple((kind, f"{kind}_id") for kind in CITED))

    decision = models.ForeignKey(
        "registry.Decision",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="quyết định",
    )
    cluster = models.ForeignKey(
        "registry.Cluster",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="cụm công nghiệp",
    )
    investor = models.ForeignKey(
        "registry.Investor",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="nhà đầu tư",
    )
    authority = models.ForeignKey(
        "registry.Authority",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="cơ quan",
    )
    place = models.ForeignKey(
        "registry.AdministrativeUnit",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="đơn vị hành chính",
    )
    legal_instrument = models.ForeignKey(
        "registry.LegalInstrument",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="văn bản pháp luật",
    )
    zone = models.ForeignKey(
        "registry.Zone",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="khu",
    )
    sector = models.ForeignKey(
        "registry.Sector",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="ngành, nghề",
    )
    project = models.ForeignKey(
        "registry.Project",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="dự án",
    )
    indicator = models.ForeignKey(
        "registry.Indicator",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="chỉ tiêu",
    )
    incentive = models.ForeignKey(
        "registry.Incentive",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="ưu đãi",
    )
    assignment = models.ForeignKey(
        "registry.Assignment",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="citations",
        verbose_name="nhiệm vụ, kiến nghị",
    )
    row_position = models.PositiveSmallIntegerField(
        "dòng số",
        null=True,
        blank=True,
        validators=[within_count],
        help_text="Tác động, biến động vốn, mức hay số liệu được trích; chọn “chính bản ghi” khi trích cho chính nó.",
    )
    field = models.CharField("trường", max_length=60, choices=codes.CITED_FIELD.choices)
    source = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, related_name="citations", verbose_name="tài liệu"
    )
    locator = models.CharField("đoạn, trang", max_length=60, help_text="Ví dụ: đoạn 6.")
    as_stated = models.TextField("giá trị như ghi")

    class Meta:
        verbose_name = "trích nguồn"
        verbose_name_plural = "trích nguồn"
        ordering = ["id"]
        constraints = [
            Check(
                condition=_exactly_one(CITED),
                name="citation_of_one_record",
                violation_error_message="Một trích nguồn thuộc về đúng một bản ghi.",
                violation_error_code="citation_owner",
            ),
            Check(
                condition=Q(row_position__isnull=True) | _one_of(NUMBERED),
                name="citation_of_numbered_row",
                violation_error_message="Chỉ bản ghi có các dòng đánh số mới có trích nguồn cho một dòng.",
                violation_error_code="citation_position",
            ),
            counted(
                "row_position",
                "citation_row_counted",
                "Các dòng",
                "citation_position_out_of_range",
            ),
            one_of("field", codes.CITED_FIELD, "citation_field_known", "Trường"),
            filled("locator", "citation_located", "Đoạn, trang"),
            filled("as_stated", "citation_stated", "Giá trị như ghi"),
        ]

    def __str__(self) -> str:
        return f"{self.as_stated} ({self.source}, {self.locator})"

    def clean(self) -> None:
        super().clean()
        clean_words(self, "as_stated", "locator")
