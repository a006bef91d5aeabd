"""What the operator's log says of a call of its people or its commands, where the noun has said nothing itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

WHO = (rpc.Kind.STAFF, rpc.Kind.COMMAND)
# What somebody is only shown: it is taken up, or comes to nothing.
SHOWN = frozenset({"staff_self.challenge", "staff_self.new_factor"})
# Of the texts that a call is given these name things, never people or customers.
NAMES = ("kind", "cluster")


async def operated(method: rpc.Method[Any, Any], caller: Caller, arguments: Mapping[str, object]) -> None:
    """Called with each call on the control database that was done."""
    if method.reads or caller.kind not in WHO or method.name in SHOWN or surroundings().trail.operators:
        return
    ids = {name: value for name, value in arguments.items() if isinstance(value, UUID)}
    names = {name: str(arguments[name]) for name in NAMES if arguments.get(name)}
    models.OperatorEntry.record(
        method.name,
        staff_id=caller.actor,
        customer_id=ids.pop("customer", None) or await _called(arguments.get("slug")),
        about_id=ids.pop("staff", None),
        objects={name: str(value) for name, value in ids.items()},
        facts={**names, "address": caller.address, "request": caller.request_id},
    )


async def _called(slug: object) -> UUID | None:
    """By its id: a customer's address is forgotten when it goes."""
    if not isinstance(slug, str):
        return None
    found = await models.Customer.where(models.Customer.slug == slug).first()
    return found.id if found else None
