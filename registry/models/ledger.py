"""The ledger's two tables. Database triggers write them; Django only reads (registry/ledger/, docs/ledger.md)."""

from django.db import models

from registry.models.base import Recorded
from registry.models.fields import TermField


class LedgerEntry(models.Model):
    """The header of one change: who, when, why, which row. It never changes.

    Every column is stored as the text that was hashed, so that nothing is rendered again to verify it.
    """

    seq = models.BigIntegerField("số", primary_key=True)
    at = models.CharField("lúc (UTC)", max_length=27)
    actor = models.CharField("người thực hiện", max_length=150)
    db_user = models.CharField("tài khoản cơ sở dữ liệu", max_length=63)
    reason = models.TextField("lý do")
    request = models.CharField("mã yêu cầu", max_length=64)
    table_name = models.CharField("bảng", max_length=63)
    row_id = models.CharField("dòng", max_length=40)
    subject = models.CharField("đối tượng", max_length=60)
    op = models.CharField("thao tác", max_length=7)
    before_digest = models.CharField("dấu của nội dung trước", max_length=64, null=True)  # noqa: DJ001
    after_digest = models.CharField("dấu của nội dung sau", max_length=64, null=True)  # noqa: DJ001
    prev = models.CharField("dấu của mục trước", max_length=64)
    hash = models.CharField("dấu", max_length=64)

    class Meta:
        verbose_name = "mục sổ cái"
        verbose_name_plural = "sổ cái"
        ordering = ["-seq"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["subject", "seq"], name="ledger_subject"),
            models.Index(fields=["table_name", "row_id", "seq"], name="ledger_row"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.op} {self.table_name} {self.row_id}"


class LedgerPayload(models.Model):
    """What the row held before and after, as JSON text, and the salt of both digests."""

    entry = models.OneToOneField(
        LedgerEntry,
        primary_key=True,
        db_column="seq",
        on_delete=models.DO_NOTHING,
        related_name="payload",
        db_constraint=False,
        verbose_name="mục",
    )
    before = models.TextField("trước", null=True)  # noqa: DJ001
    after = models.TextField("sau", null=True)  # noqa: DJ001
    salt = models.CharField(max_length=36)

    class Meta:
        verbose_name = "nội dung mục sổ cái"
        verbose_name_plural = "nội dung mục sổ cái"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.entry_id)


class LedgerTerm(models.Model):
    """Which entries of a block of the ledger have a term: what the log finds entries by (rules/log_terms.py).

    It follows from the entries alone: no part of the chain, made and compared by `index_ledger`.
    """

    pk = models.CompositePrimaryKey("term", "block")
    term = TermField(max_length=240)
    block = models.IntegerField()
    entries = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.term} [{self.block}]"


class LedgerLock(models.Model):
    """Always empty. On PostgreSQL its table lock puts every writer of the ledger in one line."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "ledger lock"


class LedgerCheckpoint(models.Model):
    """Where the ledger stood at a moment, signed with a key that the database does not hold. Never changes."""

    recorded = Recorded(append_only=True)

    number = models.BigIntegerField("số", primary_key=True)
    seq = models.BigIntegerField("mục cuối")
    at = models.CharField("lúc (UTC)", max_length=27)
    note = models.TextField("mốc đã ký")

    class Meta:
        verbose_name = "mốc sổ cái"
        verbose_name_plural = "mốc sổ cái"
        ordering = ["-number"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Mốc {self.number}: mục {self.seq}"
