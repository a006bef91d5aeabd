"""Handing data over to an authority, at the command line. It begins with what the console has recorded."""

from dataclasses import dataclass
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.alerts import Found
from seldesk.models import control as models
from seldesk.models.control import disclosure as disclosing
from seldesk.models.control import finding as findings


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whose data, and whether its owners must not be told."""

    slug: str
    barred: bool


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def begin(caller: Caller, disclosure: UUID) -> Allowed:
    """notice_needed before the customer was told or a bar is recorded. It is audited before anything is read."""
    found = await models.Disclosure.locked(disclosure)
    found.begin_export()
    models.OperatorEntry.note(
        caller,
        found.opened_by,
        "disclosure export begun",
        found.reference,
        customer=found.customer_id,
        disclosure=found.id,
    )
    customer = await models.Customer.where(models.Customer.id == found.customer_id).one()
    return Allowed(customer.slug, found.barred and found.noticed_at is None)


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def exported(caller: Caller, disclosure: UUID, sha256: rpc.Line) -> None:
    """It is whole, and this is what it is known by."""
    found = await models.Disclosure.locked(disclosure)
    found.exported_at, found.sha256 = found.begun_at, sha256
    models.OperatorEntry.note(
        caller,
        found.opened_by,
        "disclosure exported",
        f"{found.reference} {sha256}",
        customer=found.customer_id,
        disclosure=found.id,
    )


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def watch(caller: Caller) -> list[Found]:
    """Warn of customers who are still to be told, and of findings that nobody has mended; answers what is new."""
    owed = await models.Alert.report(disclosing.CHECK, await models.Disclosure.owed())
    late = await models.Alert.report(findings.CHECK, await models.Finding.overdue())
    return [Found(*one) for one in (*owed, *late)]
