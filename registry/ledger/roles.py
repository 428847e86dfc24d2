"""Least power on PostgreSQL: one role owns and migrates, another one, of the application, can do its work and no more.

The application's role is known by its right to lock the ledger's queue: nothing else needs that right, so nothing else
has to remember who it was given to. SQLite has no roles.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from registry.ledger.tracked import declared
from registry.rules.problems import Problem

#: Written by the database itself, by migrations, or by the owner who erases what the law says must go.
_READ_ONLY = {
    "registry_ledgerentry",
    "registry_ledgerpayload",
    "registry_redactedentry",
    "registry_redaction",
    "django_migrations",
    "django_content_type",
    "auth_permission",
}
#: Always empty; PostgreSQL lets only those lock a table who may write to it.
_QUEUE = "registry_ledgerlock"
#: Whoever may call these may hang them on a temporary table of any name, and so write entries about anything.
_FUNCTIONS = (
    "SELECT oid FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'ledger\\_%%'"
    " AND proname <> 'ledger_events_turn'"
)
#: Through these a role reaches files and programs of the server, and from there everything.
_SERVER = ("pg_execute_server_program", "pg_read_server_files", "pg_write_server_files")


class RoleRefused(Problem):
    """The role is not there, could do more than the application should, or is not the one that is needed."""


def grants(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """The statements by which the owner gives the role what the application needs, and takes everything else."""
    name, schema = (
        connection.ops.quote_name(role),
        connection.ops.quote_name(_ask(connection, "current_schema()")),
    )
    present = set(connection.introspection.table_names())
    append_only = {tracked.table for tracked in declared() if tracked.append_only}
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {name}"
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if table not in present or not model._meta.managed or model._meta.proxy:
            continue
        if table in _READ_ONLY:
            rights = "SELECT"
        elif table == _QUEUE:
            rights = "SELECT, UPDATE"
        elif table in append_only:
            rights = "SELECT, INSERT"
        else:
            rights = "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {name}"
    yield f"GRANT SELECT ON django_migrations TO {name}"
    # A backup reads them; rows take their numbers without a right of their own.
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT f.oid::regprocedure::text FROM ({_FUNCTIONS}) AS f ORDER BY 1", [])
        functions = [function for (function,) in cursor.fetchall()]
    for function in functions:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {name}"
    # What a later migration makes can be read at once; `migrate` ends by giving what else is needed.
    for kind in ("TABLES", "SEQUENCES"):
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON {kind} TO {name}"


def entrust(connection: BaseDatabaseWrapper, role: str) -> None:
    """Make it a role of the application, or make its rights right again. Raises RoleRefused."""
    refuse_others(connection)
    if not _ask(connection, "EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", role):
        raise RoleRefused(
            "role_missing",
            f"Chưa có vai trò {role}. Quản trị viên PostgreSQL tạo bằng: CREATE ROLE {role} LOGIN PASSWORD '…';",
        )
    if power := [sentence for sentence in too_much(connection, role) if "quyền" not in sentence]:
        raise RoleRefused(
            "role_too_powerful", f"Vai trò {role} không dùng cho ứng dụng được: {'; '.join(power)}."
        )
    with connection.cursor() as cursor:
        for statement in grants(connection, role):
            cursor.execute(statement)
    if power := too_much(connection, role):
        raise RoleRefused("role_too_powerful", f"Vai trò {role} vẫn làm được quá nhiều: {'; '.join(power)}.")


def entrusted(connection: BaseDatabaseWrapper) -> list[str]:
    """The application's roles, as the database remembers them."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee"
            " WHERE c.oid = to_regclass(%s) AND a.privilege_type = 'UPDATE' AND a.grantee <> c.relowner ORDER BY 1",
            [_QUEUE],
        )
        return [role for (role,) in cursor.fetchall()]


def owns(connection: BaseDatabaseWrapper, role: str | None = None) -> bool:
    """Whether the role (default: the connection's own) can act as the ledger's owner. True where there are no roles."""
    if connection.vendor != "postgresql":
        return True
    who = "current_user" if role is None else "%s"
    return bool(
        _ask(
            connection,
            f"coalesce((SELECT pg_has_role({who}, relowner, 'MEMBER') FROM pg_class"
            " WHERE oid = to_regclass('registry_ledgerentry')), true)",
            *([role] if role is not None else []),
        )
    )


def refuse_others(connection: BaseDatabaseWrapper) -> None:
    """Raises RoleRefused when the connection's role does not own the ledger."""
    if not owns(connection):
        raise RoleRefused(
            "owner_needed",
            f"Lệnh này cần vai trò sở hữu cơ sở dữ liệu; {_ask(connection, 'current_user')} là vai trò của ứng dụng. "
            "Hãy chạy lại với DATABASE_URL của vai trò sở hữu.",
        )


def too_much(connection: BaseDatabaseWrapper, role: str | None = None) -> list[str]:
    """What the role (default: the connection's own) could do to the ledger that the application never needs."""
    if connection.vendor != "postgresql":
        return []
    who = role if role is not None else _ask(connection, "current_user")
    return [*_powers(connection, who), *_rights(connection, who)]


def _powers(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """What the role is, whatever it is granted."""
    if _ask(connection, "(SELECT rolsuper FROM pg_roles WHERE rolname = %s)", role):
        yield "là superuser"
    elif owns(connection, role):
        yield "sở hữu các bảng của sổ cái, nên gỡ được trigger"
        return
    for attribute, what in (
        ("rolsuper", "là thành viên của một superuser"),
        ("rolcreaterole", "tạo được vai trò khác (CREATEROLE)"),
        ("rolreplication", "sao chép được cả cơ sở dữ liệu (REPLICATION)"),
    ):
        if _ask(
            connection,
            f"EXISTS (SELECT FROM pg_roles WHERE {attribute} AND pg_has_role(%s, oid, 'MEMBER'))",
            role,
        ):
            yield what
    for server in _SERVER:
        if _ask(connection, "pg_has_role(%s, %s, 'MEMBER')", role, server):
            yield f"là thành viên của {server}"


def _rights(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """What it was granted, by name, to everybody, or through another role that it may take on."""
    if _ask(connection, "has_schema_privilege(%s, current_schema(), 'CREATE')", role):
        yield "tạo được bảng và hàm trong schema"
    if _ask(
        connection,
        f"EXISTS (SELECT FROM ({_FUNCTIONS}) f WHERE has_function_privilege(%s, f.oid, 'EXECUTE'))",
        role,
    ):
        yield "có quyền EXECUTE trên hàm của sổ cái, nên ghi khống được"
    append_only = {tracked.table for tracked in declared() if tracked.append_only}
    for table in sorted({tracked.table for tracked in declared()} | _READ_ONLY):
        rights, columns = "TRUNCATE, TRIGGER", ""
        if table in _READ_ONLY:
            rights, columns = f"{rights}, INSERT, UPDATE, DELETE", "INSERT, UPDATE"
        elif table in append_only:
            rights, columns = f"{rights}, UPDATE, DELETE", "UPDATE"
        has = "has_table_privilege(oid, to_regclass(%s), %s)"
        if columns:
            has += f" OR has_any_column_privilege(oid, to_regclass('{table}'), '{columns}')"
        if _ask(
            connection,
            f"EXISTS (SELECT FROM pg_roles WHERE pg_has_role(%s, oid, 'MEMBER') AND ({has}))",
            role,
            table,
            rights,
        ):
            yield f"có một trong các quyền {rights} trên bảng {table}"


def _ask(connection: BaseDatabaseWrapper, expression: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", values)
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
