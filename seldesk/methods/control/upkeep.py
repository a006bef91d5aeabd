import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

STAFF = (models.StaffEntry, models.StaffOffer, models.StaffSession)


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def tidy(caller: Caller) -> int:
    """Remove counters, sign-ups, finished work and addresses of erased customers that are over; answers how many."""
    nouns = (
        models.Act,
        models.Access,
        models.AccessGrant,
        models.Confirmation,
        models.Download,
        models.Job,
        models.Limit,
        models.Operation,
        models.OperatorFacts,
        models.Outbox,
        models.Restore,
        models.SecurityCount,
        models.SignUp,
        *STAFF,
    )
    return sum([await noun.expire() for noun in nouns]) + await models.leaving.forget()
