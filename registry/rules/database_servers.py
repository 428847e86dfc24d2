"""What PostgreSQL says when it cannot be reached, told so that somebody can mend it."""

from registry.rules.problems import Problem

#: SQLSTATE: connections, who may log in, no such database, too many connections, shut down or starting.
_STATES = ("08", "28", "3D", "53300", "57P")


#: In PgBouncer's words: it lets pass only the options of a connection that it can put back.
_OPTIONS_REFUSED = "unsupported startup parameter"
_POOLER = (
    "Ở đó là một bộ gộp kết nối (PgBouncer) từ chối tùy chọn của kết nối. Hãy đặt ignore_startup_parameters = options "
    "và pool_mode = session ở PgBouncer, và ALTER ROLE … SET jit = off ở PostgreSQL: docs/operations.md, mục A pooler "
    "in front."
)
_SERVER = (
    "Hãy kiểm tra máy chủ PostgreSQL có đang chạy không, và máy, cổng, tên, mật khẩu, tên cơ sở dữ liệu trong "
    "DATABASE_URL."
)


def is_unreachable(error: BaseException) -> bool:
    """Whether an error of Django's is about the way to the server, or the server's end, not about what was asked.

    A connection that was never made, or broke, has no SQLSTATE.
    """
    state = getattr(error.__cause__, "sqlstate", "00")
    if state is None:
        return type(error).__name__ == "OperationalError"
    return str(state).startswith(_STATES)


def unreachable(error: BaseException, *, host: str, port: str, name: str) -> Problem:
    """The refusal for such an error. The library tells no password, and names the user only where it matters."""
    said = " ".join(str(error).split()).rstrip(".")
    what_to_do = _POOLER if _OPTIONS_REFUSED in said else _SERVER
    return Problem(
        "database_unreachable",
        f"Không làm việc được với PostgreSQL ở {host}, cổng {port}, cơ sở dữ liệu {name}: {said}. {what_to_do}",
    )
