"""Everything that can be proved of the registry as it stands, in one report."""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from registry.actions.rehearsal import edition_findings
from registry.ledger.verify import Report, verify
from registry.ledger.verify_export import Finding


def prove(anchors: Mapping[int, str] | None = None, kept: Iterable[str] = ()) -> Report:
    """The ledger, whatever it vouches for, and what the API answers from; arguments and order as `verify`'s.

    What was tampered with may be nothing that answers can be composed from: then that is a finding, and all others are
    still told. Where nothing else is wrong, the failure is ours and is raised.
    """
    report = verify(connection, anchors, kept)
    if not _is_migrated():
        report.problems.append(
            Finding(
                "migrations_pending",
                "Cơ sở dữ liệu còn ở bản phát hành trước: đã kiểm tra sổ cái và từng dòng, chưa so được nội dung tra "
                "cứu. Hãy xử lý các sai lệch nêu ở trên (nếu có), rồi chạy prepare.",
            )
        )
        return report
    try:
        report.problems += edition_findings()
    except Exception as error:
        if not report.problems:
            raise
        said = f"{type(error).__name__}: {error}"[:200]
        report.problems.append(
            Finding(
                "editions_not_compared",
                "Không dựng lại được nội dung tra cứu để so, vì nội dung đã công bố không đọc được nữa "
                f"({said}). Hãy xử lý các sai lệch nêu ở trên trước, rồi chạy lại.",
            )
        )
    return report


def _is_migrated() -> bool:
    """Whether the tables are those of this release: what answers are made of can be read."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
