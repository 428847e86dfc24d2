"""What becomes of webhooks and their messages. Staff read the labels; no answer of the API holds these codes."""

from registry.rules.code_lists import CodeList

WEBHOOK_STOP = CodeList(
    "webhook_stop",
    "Why a webhook is sent nothing.",
    (
        ("staff", "Cán bộ cho ngừng", "Stopped by staff"),
        ("gone", "Bên nhận trả lời 410: không nhận nữa", "The receiver answered 410"),
        ("failing", "Không gửi được trong ba ngày", "Nothing could be delivered for three days"),
    ),
)

WEBHOOK_CAUSE = CodeList(
    "webhook_cause",
    "Why a message was sent.",
    (
        ("news", "Tin mới", "News"),
        ("replay", "Gửi lại", "Replay"),
        ("test", "Gửi thử", "Test"),
    ),
)

WEBHOOK_FAILURE = CodeList(
    "webhook_failure",
    "Why a message was not delivered.",
    (
        (
            "not_public",
            "Tên miền trỏ tới địa chỉ không công khai",
            "The name leads to an address that is not public",
        ),
        ("not_found", "Không tìm thấy tên miền", "The name cannot be resolved"),
        ("no_connection", "Không kết nối được", "No connection"),
        ("certificate", "Chứng chỉ TLS không hợp lệ", "The TLS certificate is not valid"),
        ("too_slow", "Quá thời gian chờ", "Too slow"),
        ("broken", "Câu trả lời không phải HTTP hoặc bị cắt", "The answer is not HTTP, or was cut off"),
        ("redirected", "Bị chuyển hướng, không đi theo", "Redirected; not followed"),
        ("refused", "Bên nhận từ chối", "The receiver refused"),
        ("gone", "Bên nhận không nhận nữa (410)", "The receiver wants no more (410)"),
    ),
)
