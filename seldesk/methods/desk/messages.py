from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models


@rpc.public("attachments", kinds=(rpc.Kind.PERSON, rpc.Kind.LINK), reads=True)
async def body(caller: Caller, message: UUID, images: bool = False) -> str:
    """The HTML that a mail brought as a whole document, sanitised, for a sandboxed frame.

    Pictures from foreign hosts are left out unless `images` asks for them.
    """
    return await models.Attachment.document(await models.Message.seen_by(caller, message), images=images)
