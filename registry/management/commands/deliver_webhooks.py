"""The worker of webhooks: sends partners what was announced. Any number may run, and any may be killed."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connections

from registry import clock
from registry.actions.announce import announce_due
from registry.management.numbers import seconds, whole_number
from registry.queries.api_keys import PEPPER_OTHER, is_other_pepper
from registry.rules.problems import Problem
from registry.webhooks.deliveries import deliver_next
from registry.webhooks.queue import LEASE, LONGEST_LEASE

log = logging.getLogger(__name__)

#: How long to wait after something that nobody foresaw, such as a database that does not answer.
TROUBLE = 5.0
_LONGEST = int(LONGEST_LEASE.total_seconds())


class Command(BaseCommand):
    help = (
        "Gửi webhook: chạy mãi cho đến khi nhận SIGTERM hoặc SIGINT (gửi xong thông điệp đang gửi rồi mới dừng). "
        "Chạy nhiều tiến trình cùng lúc cũng được; bị tắt đột ngột cũng không mất tin. "
        "Mã thoát: 0 đã dừng (với --once: đã gửi hết những gì đến lượt, in số thông điệp tới nơi), 2 gọi sai cách."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Gửi những gì đến lượt rồi dừng.")
        parser.add_argument(
            "--threads", type=whole_number(1, 32), default=4, metavar="SỐ",
            help="Số đối tác được gửi cùng lúc, 1 đến 32. Mặc định: 4.",
        )  # fmt: skip
        parser.add_argument(
            "--interval", type=seconds(_LONGEST), default=2.0, metavar="GIÂY",
            help="Chờ bao lâu giữa hai lần hỏi có tin mới không. Mặc định: 2.",
        )  # fmt: skip
        parser.add_argument(
            "--lease", type=seconds(_LONGEST), default=LEASE.total_seconds(), metavar="GIÂY",
            help="Sau bao lâu thì tiến trình khác làm tiếp việc của một tiến trình đã chết. Mặc định: 60.",
        )  # fmt: skip

    def handle(
        self, *args: Any, once: bool, threads: int, interval: float, lease: float, **options: Any
    ) -> None:
        worker = Worker(timedelta(seconds=lease), interval)
        if once:
            try:
                self.stdout.write(str(worker.send_what_is_due(daily=True)))
            except Problem as problem:
                raise CommandError(problem.message) from problem
            return
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: worker.stopping.set())
        crew = [threading.Thread(target=worker.work, name=f"webhooks-{n}") for n in range(1, threads)]
        for member in crew:
            member.start()
        worker.work(daily=True)
        for member in crew:
            member.join()


class Worker:
    """Sends until it is told to stop; whatever the database or a message does, it goes on."""

    def __init__(self, lease: timedelta, interval: float) -> None:
        self.lease, self.interval = lease, interval
        self.stopping = threading.Event()
        self.day: date | None = None
        self.pepper_fits = False

    def work(self, *, daily: bool = False) -> None:
        while not self.stopping.is_set():
            pause = self.interval
            try:
                self.send_what_is_due(daily=daily)
            except Exception:
                log.exception("Something failed; the next try is in %s seconds.", TROUBLE)
                pause = TROUBLE
            close_old_connections()
            self.stopping.wait(pause)
        connections.close_all()

    def of_the_day(self) -> None:
        """Once a day: tell what comes into effect, for nobody may be reading."""
        today = clock.today()
        if self.day != today:
            announce_due(at=clock.now(), today=today)
            self.day = today

    def send_what_is_due(self, *, daily: bool = False) -> int:
        """Turn by turn until nobody is due; how many messages arrived. `daily`: a new day is seen between any two.

        Raises Problem: pepper_other.
        """
        if not self.pepper_fits:
            # What is signed with another secret no receiver may believe: nothing is sent, and nothing is lost.
            if is_other_pepper():
                raise Problem("pepper_other", PEPPER_OTHER)
            self.pepper_fits = True
        arrived = 0
        while not self.stopping.is_set():
            if daily:
                self.of_the_day()
            sent = deliver_next(clock.now, lease=self.lease, stopping=self.stopping.is_set)
            if sent is None:
                break
            arrived += sent
        return arrived
