"""What SQLite says of files that it may not open or write, told so that somebody can mend it."""

from registry.rules.problems import Problem

_SAID = ("readonly database", "unable to open database file")


def unwritable(error: Exception) -> Problem | None:
    """The refusal that an error of the database amounts to; None where it is about something else."""
    if not any(words in str(error) for words in _SAID):
        return None
    return Problem(
        "database_unwritable",
        f"Không mở hoặc không ghi được tệp cơ sở dữ liệu ({error}). Hãy kiểm tra nơi ghi ở VAR_DIR hoặc DATABASE_URL: "
        "thư mục và các tệp trong đó phải thuộc người dùng đang chạy lệnh này, ổ đĩa phải cho ghi.",
    )
