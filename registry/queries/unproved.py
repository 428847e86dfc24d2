"""Whether what the database holds was put there by a restore that did not come to its end."""

from django.db.backends.base.base import BaseDatabaseWrapper

#: A table that is there from before a restore puts anything in until all of it was proved. Only PostgreSQL needs it:
#: SQLite's files get their names when they were proved (registry/actions/copies.py).
MARK = "registry_restoring"
UNPROVED = (
    "Cơ sở dữ liệu này do một lần khôi phục bị từ chối hoặc dở dang để lại, chưa kiểm tra xong (restore_unfinished). "
    "Đừng mở cho ai dùng: hãy xóa cơ sở dữ liệu đó, tạo lại trống rồi chạy lại manage.py restore."
)


def is_unproved(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [MARK])
        return bool(cursor.fetchone()[0])
