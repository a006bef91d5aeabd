"""What the worker does with mail of the operator's own. Each step is a transaction of its own."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.outgoing import Letter, Refusal
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller, limit: rpc.Int4 = 10) -> list[Letter]:
    """Take mails that are due, each under a lease."""
    return [Letter(**letter) for letter in await models.Outbox.letters(limit)]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def sent(caller: Caller, letter: UUID, lease: UUID, refused: list[Refusal] = []) -> None:  # noqa: B006
    """The relay has taken it. Each goes to one address, so that there is nobody whom it could have left out."""
    await models.Outbox.sent(letter, lease)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, letter: UUID, lease: UUID, reason: str, permanent: bool) -> None:
    """The relay refused it: for now (it is tried again for a day), or for good."""
    await models.Outbox.failed(letter, lease, reason, permanent=permanent)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def withheld(caller: Caller, letter: UUID, lease: UUID, reason: str) -> None:
    """It must not be sent: a rate says so."""
    await models.Outbox.failed(letter, lease, reason, permanent=True)
