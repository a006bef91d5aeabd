import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def create(caller: Caller, address: rpc.Line, name: rpc.Line) -> None:
    """Add a mailbox. address lies in the customer's own mail domain."""
    await models.Mailbox.create(address, name)
