from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models

WORKER = (rpc.Kind.JOB,)


@rpc.public("work", kinds=WORKER)
async def tidy(caller: Caller) -> int:
    """Remove sessions, links, counters, ways back and kept answers that are over; answers how many."""
    links = await models.Invitation.expire() + await models.MailedLink.expire() + await models.Answered.expire()
    return links + await models.Session.expire() + await models.Limit.expire() + await models.Bulk.expire()


@rpc.public("work", kinds=WORKER)
async def sweep(caller: Caller) -> int:
    """Remove stored objects that no row names: what a call stored before it failed. Answers how many."""
    return await models.Attachment.sweep(models.DraftFile.naming)


@rpc.public("work", kinds=WORKER, reads=True)
async def lost(caller: Caller) -> list[UUID]:
    """Files that messages, mails and drafts name and that no store has, up to a thousand."""
    return await models.lost.find()
