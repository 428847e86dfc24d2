"""Requests over one kept connection, and fair turns: what is compared alternates, so that both meet the same load."""

import socket
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: How long one turn of one contender lasts, so that clocks and scheduling are small beside it.
TURN_SECONDS = 0.08


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle and the greatest of several turns."""

    least: float
    middle: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds a call, turn by turn: by the clock, and of the server's processor (empty where unknown)."""

    wall: list[float]
    cpu: list[float]

    def by(self, clock: str) -> list[float]:
        return self.wall if clock == "wall" else self.cpu


def ratio(one: Sequence[float], other: Sequence[float]) -> Spread:
    """How many times as long as the other, turn by turn."""
    return Spread.of([a / b for a, b in zip(one, other, strict=True)])


class Reader:
    """One HTTP/1.1 connection that is kept. The least a client can do: its own cost is in every figure."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, address: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body."""
        lines = [f"GET {address} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._some()
        status, *fields = received[:end].decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        code = int(status.split(" ", 2)[1])
        length = 0 if code in (204, 304) else int(told["content-length"])
        body = received[end + 4 :]
        while len(body) < length:
            body += self._some()
        return code, told, bytes(body)

    def _some(self) -> bytes:
        some = self.socket.recv(1 << 20)
        if not some:
            raise ConnectionError("the server closed the connection")
        return some


def processor_seconds(pid: int) -> float | None:
    """Seconds on a processor, of all threads of a process and of its children; None where Linux does not tell."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        spent = sum(
            int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()
        )
    except OSError:
        return None
    return spent / 1e9 + sum(processor_seconds(int(child)) or 0.0 for child in children)


def turns(
    contenders: Mapping[str, tuple[Callable[[], object], int | None]],
    rounds: int,
    seconds: float = TURN_SECONDS,
) -> dict[str, Times]:
    """Call each in turn, `rounds` times over. A contender: what to call, and the process whose processor it uses."""
    counts = {}
    for name, (call, _) in contenders.items():
        call()
        start = time.perf_counter()
        call()
        counts[name] = max(1, round(seconds / (time.perf_counter() - start)))
    times = {name: Times([], []) for name in contenders}
    for turn in range(rounds):
        order = list(contenders) if turn % 2 == 0 else list(contenders)[::-1]
        for name in order:
            call, pid = contenders[name]
            before = processor_seconds(pid) if pid else None
            start = time.perf_counter()
            for _ in range(counts[name]):
                call()
            spent = time.perf_counter() - start
            times[name].wall.append(spent / counts[name] * 1000)
            after = processor_seconds(pid) if pid else None
            if before is not None and after is not None:
                times[name].cpu.append((after - before) / counts[name] * 1000)
    return times
