from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models

PROGRAMS = (rpc.Kind.JOB,)
PASSING = (
    models.Answered,
    models.Bulk,
    models.Device,
    models.Entry,
    models.FactorOffer,
    models.Invitation,
    models.Limit,
    models.MailedLink,
    models.Session,
    models.SignIn,
)


@rpc.public("work", kinds=PROGRAMS)
async def tidy(caller: Caller) -> int:
    """Remove sessions, links, counters, ways back and kept answers that are over; answers how many."""
    return sum([await kind.expire() for kind in PASSING])


@rpc.public("work", kinds=PROGRAMS)
async def reseal(caller: Caller) -> list[UUID]:
    """Seal what rows keep under the content key anew, where that key has a new version. Answers what cannot be
    opened.
    """
    return [one.id for one in await models.Factor.stale() if not await one.reseal()]


@rpc.public("work", kinds=PROGRAMS)
async def sweep(caller: Caller) -> int:
    """Remove stored objects that no row names: what a call stored before it failed. Answers how many."""
    return await models.Attachment.sweep(models.DraftFile.naming)


@rpc.public("work", kinds=PROGRAMS, reads=True)
async def lost(caller: Caller) -> list[UUID]:
    """Files that messages, mails and drafts name and that no store has, up to a thousand."""
    return await models.lost.find()
