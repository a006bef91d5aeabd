"""What is taken out as a file takes many calls. The first wants a fresh proof and is written down; the others show the
key that it gave, so that nobody goes on with what was not begun.
"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.errors import ProofNeeded
from seldesk.surroundings import surroundings

# The largest file through a slow line.
GOOD_FOR = timedelta(hours=12)
Key = Annotated[str, Meta(max_length=500)]
_PURPOSE = "taking out"


def begun(caller: Caller, what: UUID | str) -> str:
    """The key to the rest of it, for this session."""
    around = surroundings()
    return around.signer.sign(_PURPOSE, _bound(caller, what), around.now + GOOD_FOR)


def demand_begun(caller: Caller, what: UUID | str, key: str) -> None:
    """ProofNeeded with a key of another session or another file, and when it is too old."""
    around = surroundings()
    try:
        found = around.signer.read(_PURPOSE, key, around.now)
    except rpc.NotFound:
        raise ProofNeeded from None
    if found != _bound(caller, what):
        raise ProofNeeded


def _bound(caller: Caller, what: UUID | str) -> dict[str, str]:
    return {"session": str(caller.session), "what": str(what)}
