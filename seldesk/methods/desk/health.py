import rpc
from seldesk.caller import Caller
from seldesk.methods.health import Health
from seldesk.models import desk as models


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def read(caller: Caller) -> Health:
    """How this customer is: for the operator, who sees nothing of what anybody wrote."""
    return Health(**await models.health.measured())
