import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models.control.confirmation import Mailed


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def allow(caller: Caller, address: rpc.Line, what: Mailed = "confirmation") -> bool:
    """Whether one more may go to this address: three confirmations an hour and ten links, over all customers."""
    return await models.Confirmation.allow(address, what)
