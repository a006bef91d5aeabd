"""How many mails one sender brings within an hour. Beyond that a mail is put off at the door: whoever sends it keeps it
and tries again, so that nothing is lost.
"""

from collections.abc import Sequence
from datetime import timedelta

from seldesk.errors import TooManyMails
from seldesk.models.desk.limit import Limit
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

Bound = tuple[Window, str]
HOUR = timedelta(hours=1)
# One address forwards what many have written, and reports of non-delivery all come from none.
CARRIED = 10


def bounds(envelope: str, author: str) -> Sequence[Bound]:
    """What a mail counts for: its author, and the envelope's sender where that is another. A mail without a sender of
    its envelope was written by a machine, whatever it says of an author.
    """
    if not envelope:
        return (_carried(""),)
    if author.lower() in ("", envelope.lower()):
        return (_written(envelope),)
    return (_written(author), _carried(envelope))


async def welcome(envelope: str, waiting: int) -> None:
    """TooManyMails before a mail is handed over, and so before its author is known, by the sender of its envelope.
    waiting: how many of theirs are let in already and not counted yet.
    """
    await admit((_written(envelope), _carried(envelope)) if envelope else (_carried(""),), waiting)


async def admit(asked: Sequence[Bound], waiting: int = 0) -> None:
    if not asked or not surroundings().rates.mails:
        return
    left = [(Window(window.name, window.most - waiting, window.span), subject) for window, subject in asked]
    wait = max(await Limit.waits(*left))
    if wait or any(window.most <= 0 for window, _ in left):
        raise TooManyMails(retry_after=wait or int(HOUR.total_seconds()))


async def count(asked: Sequence[Bound]) -> None:
    """Last of all: no mail waits for the files of another."""
    if surroundings().rates.mails:
        for window, subject in asked:
            await Limit.hit(window, subject)


def _written(address: str) -> Bound:
    return Window("mails of an author", surroundings().rates.mails, HOUR), address.lower()


def _carried(address: str) -> Bound:
    return Window("mails of an envelope", CARRIED * surroundings().rates.mails, HOUR), address.lower()
