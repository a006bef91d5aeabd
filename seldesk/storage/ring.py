"""The versions of one customer's content key."""

from dataclasses import dataclass, field
from typing import Self

from seldesk.storage.envelope import FIRST_VERSION, KEY_SIZE, version_of
from seldesk.storage.errors import Damaged, Locked

LAST_VERSION = 255
_ENTRY = 1 + KEY_SIZE


@dataclass(frozen=True, slots=True)
class Ring:
    """The first one seals, all of them open. There are two while what lies under the older one is sealed anew."""

    keys: tuple[tuple[int, bytes], ...] = field(repr=False)

    @classmethod
    def of(cls, key: bytes) -> Self:
        return cls(((FIRST_VERSION, key),))

    @classmethod
    def read(cls, content: bytes) -> Self:
        if not content or len(content) % _ENTRY:
            raise Damaged
        entries = [content[start : start + _ENTRY] for start in range(0, len(content), _ENTRY)]
        return cls(tuple((entry[0], entry[1:]) for entry in entries))

    def write(self) -> bytes:
        return b"".join(bytes([version]) + key for version, key in self.keys)

    @property
    def sealing(self) -> tuple[int, bytes]:
        """The version that seals, and its key."""
        return self.keys[0]

    def opening(self, sealed: bytes) -> bytes:
        """The key that this was sealed with; Locked when that one is gone, or was made a moment ago elsewhere."""
        wanted = version_of(sealed)
        for version, key in self.keys:
            if version == wanted:
                return key
        raise Locked

    def beside(self, key: bytes) -> "Ring":
        """With a new version that opens and does not seal yet. Where there is one already it stays."""
        if len(self.keys) > 1:
            return self
        version, _ = self.sealing
        if version == LAST_VERSION:
            raise ValueError("This customer's content key has had all the versions that it can have.")
        return Ring((*self.keys, (version + 1, key)))

    def newest_first(self) -> "Ring":
        return Ring(tuple(sorted(self.keys, reverse=True)))

    def newest_only(self) -> "Ring":
        return Ring(self.newest_first().keys[:1])
