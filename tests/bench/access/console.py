"""How many statements each page of the console takes when there are 1,000 customers."""

from datetime import UTC, datetime

from orm import StatementCounter
from orm.provision.connection import connect
from seldesk.app.build import opened
from seldesk.app.running import cluster
from seldesk.clock import SetClock
from seldesk.jobs.relay import Memory
from seldesk.methods.console import ops_staff
from seldesk.web.console.routes import CONSOLE
from seldesk.web.credential import STAFF
from tests.bench.place import Place
from tests.staff import hired
from tests.web.visitor import Visitor, method_of
from tests.world import Desk, World

CUSTOMERS = 1_000
# Of who is not in yet.
OUTSIDE = ("/sign-in", "/welcome", "/enrol")
MANY = """
INSERT INTO control.customers SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),
    'slug', 'c' || lpad(n::text, 4, '0'), 'name', 'Customer ' || n, 'database', 'c_many' || n))).*
FROM control.customers c, generate_series(1, $1) n WHERE slug = 'acme'
"""


async def console(made: Place) -> dict[str, float]:
    """Path -> statements. Who looks has every role."""
    async with connect(made.database(made.settings.database.control)) as connection:
        await connection.execute(MANY, CUSTOMERS)
    clock = SetClock(datetime.now(UTC))
    async with opened(made.settings, cluster(made.settings), clock) as app:
        acme = next(customer for customer in app.directory.active() if customer.slug == "acme")
        world = World(app, clock, Memory(), made.server, Desk(app, "acme", acme.id, ""))
        mara = await hired(world, "support", "operations", "security", "billing")
        known = {"{slug}": "acme", "{id}": str((await mara.call(ops_staff.page)).staff[0].id)}
        counted = {}
        async with Visitor(app.web(), host=app.settings.ops_base, scheme="https", known=False) as visitor:
            visitor.cookies.set(f"__Host-{STAFF}", mara.token)
            for path in dict.fromkeys(route.path for route in CONSOLE if method_of(route) == "GET"):
                if path.startswith(OUTSIDE):
                    continue
                for name, value in known.items():
                    path = path.replace(name, value)
                if "{" not in path:
                    await visitor.get(path)
                    with StatementCounter() as counter:
                        answer = await visitor.get(path)
                    if answer.status_code >= 400:
                        raise RuntimeError(f"{path} was answered by {answer.status_code}.")
                    counted[path] = float(counter.count)
        return counted
