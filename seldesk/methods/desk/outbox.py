"""What the worker does with mail that is due. Each step is a transaction of its own."""

from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.outgoing import Letter, Refusal
from seldesk.models import desk as models

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS)
async def claim(caller: Caller, limit: rpc.Int4 = 10) -> list[Letter]:
    """Take mails that are due, each under a lease; in order for each ticket."""
    return [Letter(**letter) for letter in await models.Outbox.letters(limit)]


@rpc.public("work", kinds=PROGRAMS, reads=True)
async def next_due(caller: Caller) -> datetime | None:
    """When the next mail is due, None when nothing waits."""
    return await models.Outbox.next_due()


@rpc.public("work", kinds=PROGRAMS)
async def sent(caller: Caller, letter: UUID, lease: UUID, refused: list[Refusal] = []) -> None:  # noqa: B006
    """The relay has taken it, for all but these recipients: only they are tried again, or given up."""
    await models.Outbox.sent(letter, lease, refused)


@rpc.public("work", kinds=PROGRAMS)
async def failed(caller: Caller, letter: UUID, lease: UUID, reason: str, permanent: bool) -> None:
    """The relay refused it: for now (it is tried again for 72 hours), or for good (the ticket says so)."""
    await models.Outbox.failed(letter, lease, reason, permanent=permanent)


@rpc.public("work", kinds=PROGRAMS)
async def withheld(caller: Caller, letter: UUID, lease: UUID, reason: str) -> None:
    """It must not be sent: a rate says so."""
    await models.Outbox.withheld(letter, lease, reason)
