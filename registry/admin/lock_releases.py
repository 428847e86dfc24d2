"""Letting a name in again before its wait is over, by the admin's button or a command of axes: it is noted."""

from axes.handlers.database import AxesDatabaseHandler

from registry.ledger.security_events import note


class Handler(AxesDatabaseHandler):
    """The setting AXES_HANDLER: whoever resets goes through here, a log-in that forgets its own failures does not."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        count: int = super().reset_attempts(
            ip_address=ip_address, username=username, ip_or_username=ip_or_username
        )
        if count:
            note("lock_released", account=username or "", detail=ip_address or "")
        return count
