"""What is noted at the door. Auditors read the labels; no answer of the API holds these codes."""

from registry.rules.code_lists import CodeList

SECURITY_EVENT = CodeList(
    "security_event",
    "What happened at the door.",
    (
        ("logged_in", "Đăng nhập", "Logged in"),
        ("logged_out", "Đăng xuất", "Logged out"),
        ("session_ended", "Hết phiên làm việc", "A session ended by itself"),
        ("login_failed", "Đăng nhập không được", "A log-in failed"),
        ("locked_out", "Tạm khóa đăng nhập", "Locked out"),
        ("lock_released", "Mở khóa đăng nhập", "A lock-out was released"),
        ("many_failures", "Quá nhiều lần đăng nhập không được", "Failures no longer noted one by one"),
        ("password_set", "Đặt mật khẩu", "A password was set"),
        ("refused", "Bị từ chối vì không có quyền", "Refused for lack of a right"),
        ("settings", "Cấu hình đổi khi khởi động", "Started with other settings"),
    ),
)

LOGIN_FAILURE = CodeList(
    "login_failure",
    "Why a log-in failed.",
    (
        ("password", "sai mật khẩu", "wrong password"),
        ("closed", "tài khoản đã đóng", "the account is closed"),
        ("not_staff", "tài khoản không được vào trang quản trị", "the account may not enter the admin"),
        ("unknown", "không có tài khoản mang tên đã gõ", "no account has the name that was typed"),
    ),
)

SESSION_END = CodeList(
    "session_end",
    "Why a session ended.",
    (
        ("idle", "lâu không dùng", "not used for long"),
        ("age", "đã đủ giờ kể từ lúc đăng nhập", "its hours since the log-in were over"),
    ),
)
