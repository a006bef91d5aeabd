from datetime import timedelta

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def hold(caller: Caller, name: rpc.Line, holder: rpc.Line, seconds: rpc.Int4) -> bool:
    """Take or keep what only one process may do; False while another has it."""
    return await models.Lease.hold(name, holder, timedelta(seconds=seconds))
