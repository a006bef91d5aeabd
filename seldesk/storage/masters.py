"""What wraps keys: a master key in hand, or a program that has one and never gives it away."""

import base64
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from seldesk.storage.envelope import KEY_SIZE, seal, unseal
from seldesk.storage.errors import Damaged, StoreUnavailable

DAMAGED = 3
PATIENCE = 10.0


class Master(Protocol):
    """Both block. What was sealed opens for the same purpose and place only; Damaged otherwise."""

    def seal(self, content: bytes, purpose: bytes, place: bytes) -> bytes: ...
    def unseal(self, sealed: bytes, purpose: bytes, place: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class InHand:
    """From a file or the environment."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_SIZE:
            raise ValueError(f"A master key has {KEY_SIZE} bytes.")

    def seal(self, content: bytes, purpose: bytes, place: bytes) -> bytes:
        return seal(self.key, content, purpose, place)

    def unseal(self, sealed: bytes, purpose: bytes, place: bytes) -> bytes:
        return unseal(self.key, sealed, purpose, place)


@dataclass(frozen=True, slots=True)
class Program:
    """A command that speaks to a key server or a security module.

    It reads one JSON object: do (seal or unseal), purpose, and place and content in base64; and writes the result in
    base64. Exit status 3 says that what it was to open is damaged or not its own.
    """

    command: Sequence[str]
    patience: float = PATIENCE

    def seal(self, content: bytes, purpose: bytes, place: bytes) -> bytes:
        return self._asked("seal", content, purpose, place)

    def unseal(self, sealed: bytes, purpose: bytes, place: bytes) -> bytes:
        return self._asked("unseal", sealed, purpose, place)

    def _asked(self, what: str, content: bytes, purpose: bytes, place: bytes) -> bytes:
        coded = {"place": base64.b64encode(place).decode(), "content": base64.b64encode(content).decode()}
        question = json.dumps({"do": what, "purpose": purpose.decode(), **coded}).encode()
        try:
            done = subprocess.run(list(self.command), input=question, capture_output=True, timeout=self.patience)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StoreUnavailable(f"The program for keys, {self.command[0]}, does not answer.") from error
        if done.returncode == DAMAGED:
            raise Damaged
        if done.returncode:
            raise StoreUnavailable(f"The program for keys, {self.command[0]}, ended with {done.returncode}.")
        try:
            return base64.b64decode(done.stdout.strip(), validate=True)
        except ValueError:
            raise StoreUnavailable(f"The program for keys, {self.command[0]}, answered nonsense.") from None
