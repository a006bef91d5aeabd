import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def allow(caller: Caller, address: rpc.Line) -> bool:
    """Whether one more confirmation may go to this address: three an hour, over all customers."""
    return await models.Confirmation.allow(address)
