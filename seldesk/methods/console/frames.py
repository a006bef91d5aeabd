"""What stands around every page of the console."""

from dataclasses import dataclass
from datetime import datetime

from seldesk.caller import Caller
from seldesk.models.proof import FRESH
from seldesk.surroundings import surroundings
from seldesk.zones import UTC


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    email: str
    zone: str = UTC


@dataclass(frozen=True, slots=True)
class Frame:
    """may names what the reader's roles allow. fresh: what matters can be done now, without a proof before it."""

    me: Me
    may: list[str]
    fresh: bool
    proved_at: datetime | None


def frame(caller: Caller) -> Frame:
    proved = caller.proved_at
    fresh = proved is not None and surroundings().now - proved <= FRESH
    return Frame(Me(caller.name, caller.email), sorted(caller.permissions), fresh, proved)
