"""Passwords, kept as argon2id. As a program of its own this works on them one after the other, at a low priority: who
signs in gets what the pages leave, and what waits for a hash waits in no thread of theirs.

Its stdin is a socket. A job there is a JSON list, ["hash", PASSWORD] or ["verify", PASSWORD, HASH]; answered are the
hash, or whether it is this password's and the hash that is to replace it, and null for a hash of another kind.
"""

import json
import os
import socket

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP's minimum for argon2id. The library's own defaults take six times as long and four lanes.
hashes = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
# Longer than the longest password and a hash, each character escaped.
LONGEST = 8192
# Of two processors that are both wanted, a page's process gets three times what this one gets.
NICENESS = 5


def answer(job: list[str]) -> object:
    what, password, *kept = job
    if what == "hash":
        return hashes.hash(password)
    try:
        return hashes.verify_and_update(password, *kept)
    except UnknownHashError:
        return None


def main() -> None:
    os.nice(NICENESS)
    asking = socket.socket(fileno=0)
    while job := asking.recv(LONGEST):
        asking.send(json.dumps(answer(json.loads(job))).encode())


if __name__ == "__main__":
    main()
