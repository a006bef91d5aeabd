import secrets
import threading
from collections.abc import Callable
from time import time_ns
from uuid import UUID


class Ids:
    """Makes version 7 UUIDs (RFC 9562, method 3), each greater than all that it made before.

    They tell the order in which rows were made, even when the clock is set back, and no more; that is why they read
    the machine's clock, as nothing else below the application does.
    """

    def __init__(self, clock: Callable[[], int] = time_ns) -> None:
        self._clock = clock  # nanoseconds since 1970
        self._latest = 0  # milliseconds, and a 4096th of one
        self._lock = threading.Lock()

    def __call__(self) -> UUID:
        milliseconds, rest = divmod(self._clock(), 1_000_000)
        with self._lock:
            self._latest = max(self._latest + 1, milliseconds << 12 | (rest << 12) // 1_000_000)
            stamp = self._latest
        return UUID(int=(stamp >> 12) << 80 | 7 << 76 | (stamp & 0xFFF) << 64 | 2 << 62 | secrets.randbits(62))


uuid7 = Ids()
