import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes import Issued
from seldesk.models import desk as models


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def create(caller: Caller, email: rpc.Line, name: rpc.Line) -> Issued:
    """Make a token that acts as this agent at /rpc. It is shown once and kept only as a hash."""
    person = await models.Person.by_email(email)
    return Issued(await models.Token.issue(person, name))
