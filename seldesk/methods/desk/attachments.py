from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.tickets import File
from seldesk.models import desk as models


@rpc.public("attachments", kinds=(rpc.Kind.PERSON, rpc.Kind.LINK), reads=True)
async def link(caller: Caller, attachment: UUID) -> str:
    """The address from which this attachment can be fetched for a minute, on the host of files."""
    return (await models.Attachment.seen_by(caller, attachment)).link()


@rpc.public("attachments", kinds=(rpc.Kind.TOKEN,), reads=True)
async def read(caller: Caller, attachment: UUID) -> File:
    """An attachment with its content in base64."""
    found = await models.Attachment.seen_by(caller, attachment)
    return File(found.name, found.type, await found.content())


@rpc.public(None, kinds=(rpc.Kind.ANONYMOUS,), reads=True)
async def download(caller: Caller, token: str) -> File:
    """What a link of `link` opens; 404 when it is too old or not ours."""
    found = await models.Attachment.by_link(token)
    return File(found.name, found.type, await found.content())
