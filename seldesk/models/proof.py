"""How long a proof of who somebody is counts where it matters."""

from datetime import timedelta

from seldesk.caller import Caller
from seldesk.errors import ProofNeeded
from seldesk.surroundings import surroundings

FRESH = timedelta(minutes=5)


def is_fresh(caller: Caller) -> bool:
    return caller.proved_at is not None and surroundings().now - caller.proved_at <= FRESH


def demand_fresh(caller: Caller) -> None:
    """ProofNeeded when it is too long ago."""
    if not is_fresh(caller):
        raise ProofNeeded
