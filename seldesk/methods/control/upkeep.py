import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def tidy(caller: Caller) -> int:
    """Remove counters, finished jobs and addresses of erased customers that are over; answers how many."""
    return await models.Confirmation.expire() + await models.Job.expire() + await models.leaving.forget()
