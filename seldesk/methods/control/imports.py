"""A customer that is made of another one's export."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import SlugTaken
from seldesk.methods.control.customers import CustomerRow, Plan, row_of
from seldesk.models import control as models
from seldesk.models.control.slug import normalised

OPERATOR = (rpc.Kind.COMMAND,)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def begin(
    caller: Caller, slug: str, name: rpc.Line, plan: Plan, country: str, primary_email: rpc.Line
) -> CustomerRow:
    """Ask for a customer's database, as `customers.create` does. One for which that was done before, and into which
    nothing came, is answered again.
    """
    found = await models.Customer.where(models.Customer.slug == normalised(slug)).first()
    if found is not None:
        if not found.importing:
            raise SlugTaken
        return row_of(found)
    customer = await models.placing.request(
        slug=slug, name=name, plan=plan, country=country, primary_email=primary_email, primary_name=""
    )
    customer.importing = True
    await models.Customer.announce(customer.id)
    return row_of(customer)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def finish(caller: Caller, customer: UUID, accent: str, logo: UUID | None, logo_type: str) -> None:
    """All rows and files are there: it looks as it did, and nothing can be read into it any more."""
    found = await models.Customer.where(models.Customer.id == customer).lock().one()
    await models.Act.note(caller, found, "import")
    found.importing, found.accent, found.logo, found.logo_type = False, accent, logo, logo_type
    await models.Customer.announce(customer)
