"""A program of its own, so that what seals copies holds little, and knows to whom it seals and nothing else.

sealer.py seal RECIPIENT        stdin is sealed to stdout
sealer.py open                  the first line of stdin is the identity, and the rest is opened to stdout

At the end stderr says in JSON how many bytes came in and went out, and the sha256 of the sealed side.
"""

import hashlib
import sys

from pyrage import DecryptError, EncryptError, decrypt_io, encrypt_io, x25519

# It begins twice for each copy, of hundreds in a night: what it does not need it does not load.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

DAMAGED = 3
LOCKED = 4


class Side:
    """What age reads from or writes to, counted and, on the sealed side, hashed."""

    def __init__(self, file: "BinaryIO", *, hashed: bool) -> None:
        self.file, self.hashed = file, hashed
        self.size, self.sha256 = 0, hashlib.sha256()
        # What age tells of an error of the file is only its words.
        self.failed: OSError | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._seen(self.file.read(size))
        except OSError as error:
            self.failed = error
            raise

    def write(self, content: bytes) -> int:
        try:
            self.file.write(self._seen(content))
        except OSError as error:
            self.failed = error
            raise
        return len(content)

    def flush(self) -> None:
        self.file.flush()

    def _seen(self, content: bytes) -> bytes:
        self.size += len(content)
        if self.hashed:
            self.sha256.update(content)
        return content


def main(what: str, recipient: str = "") -> None:
    sealing = what == "seal"
    identity = "" if sealing else sys.stdin.buffer.readline().decode().strip()
    source, target = Side(sys.stdin.buffer, hashed=not sealing), Side(sys.stdout.buffer, hashed=sealing)
    try:
        if sealing:
            encrypt_io(source, target, [x25519.Recipient.from_str(recipient)])
        else:
            decrypt_io(source, target, [x25519.Identity.from_str(identity)])
        target.flush()
    except (DecryptError, EncryptError, OSError) as error:
        failed = source.failed or target.failed
        print(failed or error, file=sys.stderr)  # noqa: T201
        sys.exit(1 if failed or sealing else LOCKED if "No matching keys" in str(error) else DAMAGED)
    sha256 = (target if sealing else source).sha256.hexdigest()
    told = f'"came": {source.size}, "went": {target.size}, "sha256": "{sha256}"'
    print(f"{{{told}}}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
