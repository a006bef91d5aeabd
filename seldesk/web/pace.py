"""How often one browser may ask for what is cheap and asked for often. Counted in the memory of this process."""

from hashlib import sha256

import rpc

MINUTE = 60.0
MOST_BROWSERS = 20_000


class Pace:
    def __init__(self, most: int = 60) -> None:
        self._most = most
        self._since = 0.0
        self._counts: dict[bytes, int] = {}

    def take(self, secret: str, now: float) -> None:
        """now in seconds of the event loop; TooMany beyond the rate of a minute."""
        if now - self._since > MINUTE:
            self._since = now
            self._counts.clear()
        browser = sha256(secret.encode()).digest()
        count = self._counts.get(browser, 0)
        if count >= self._most or (not count and len(self._counts) >= MOST_BROWSERS):
            raise rpc.TooMany(retry_after=int(MINUTE))
        self._counts[browser] = count + 1
