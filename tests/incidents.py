"""A bad morning at the operator's: who is there to be told, and how it is told."""

from uuid import UUID

from rpc import Kind
from seldesk.app.serve import telling
from seldesk.jobs.outbox import Outboxes
from seldesk.methods.console import ops_incidents, ops_reports
from seldesk.methods.desk import reports
from seldesk.surroundings import OPERATOR
from tests.acceptance.fleet import nobody_else
from tests.staff import Member
from tests.world import World

TEXT = "Since nine in the morning mail arrives late. Nothing is lost."


async def crowd(world: World, number: int, cluster: str = "main") -> None:
    """So many customers more, each with a primary address; of databases they have only a name."""
    columns = (
        "'id', gen_random_uuid(), 'slug', 'c' || lpad(n::text, greatest(4, length(n::text)), '0'),"
        f" 'name', 'Customer ' || n, 'database', 'c_crowd{cluster}' || n, 'cluster', '{cluster}',"
        " 'primary_name', 'Owner ' || n, 'primary_email', 'owner' || n || '@c' || n || '.example'"
    )
    await world.control_rows(
        "INSERT INTO control.customers SELECT (jsonb_populate_record(customers, jsonb_build_object("  # noqa: S608 - ours
        f"{columns}))).* FROM control.customers, generate_series(1, {number}) n WHERE slug = 'acme' RETURNING slug"
    )


async def named(world: World, slug: str, email: str) -> None:
    """The primary address of a customer."""
    await world.control_rows(
        f"UPDATE control.customers SET primary_email = '{email}' WHERE slug = '{slug}' RETURNING slug"  # noqa: S608
    )


async def written(mara: Member, scope: str = "everyone", **given: object) -> UUID:
    fields = {"title": "Mail arrives late", "text": TEXT, "severity": "major", "components": ["mail"], **given}
    return await mara.call(ops_incidents.draft, scope=scope, **fields)  # type: ignore[arg-type]


async def published(mara: Member, scope: str = "everyone", **given: object) -> UUID:
    incident = await written(mara, scope, **given)
    await mara.call(ops_incidents.publish, incident=incident)
    return incident


async def reported(world: World, mara: Member, account: str, **incident: object) -> tuple[UUID, UUID]:
    """An incident that is over, and Acme's report of it."""
    scope = str(incident.pop("scope", "everyone"))
    made = await published(mara, scope, **incident)
    await mara.call(ops_incidents.resolve, incident=made, text="It is over.")
    await (await world.acme.signed_in("bo"))(reports.ask, incident=made)
    (asked,) = (await mara.call(ops_reports.page)).items
    await mara.call(ops_reports.write, report=asked.id, account=account)
    return made, asked.id


async def deliver_all(world: World) -> None:
    """What the worker does with the operator's own mail, and with people and webhooks."""
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)
    await telling(world.app).tell(nobody_else)
