"""What each page of the console costs when there are very many customers."""

from dataclasses import dataclass
from time import perf_counter

from orm import StatementCounter
from seldesk.methods.console import ops_disclosures, ops_findings, ops_reports, ops_staff
from seldesk.methods.desk import reports
from seldesk.web.console.routes import CONSOLE
from tests.bench.access.apart import apart
from tests.incidents import published, written
from tests.many import many
from tests.staff import Member, hired
from tests.web.console.test_console import browser
from tests.web.visitor import method_of
from tests.world import World

CUSTOMERS = 10_000
# Of who is not in yet.
OUTSIDE = ("/sign-in", "/welcome", "/enrol")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: rows are those that the database brought; the second look is the one that counts."""

    statements: int
    rows: int
    bytes: int
    milliseconds: float


async def console(customers: int = CUSTOMERS) -> dict[str, Cost]:
    """Path -> its cost. Who looks has every role."""
    async with apart() as world:
        await many(world, customers, copies=24)
        mara = await hired(world, "support", "operations", "security", "billing")
        named, counted = await _named(world, mara), {}
        async with browser(world, mara.token) as visitor:
            for path in dict.fromkeys(route.path for route in CONSOLE if method_of(route) == "GET"):
                if path.startswith(OUTSIDE):
                    continue
                asked = next((path.replace(*one) for one in named if path.startswith(one[0])), path)
                await visitor.get(asked)
                begun = perf_counter()
                with StatementCounter() as counter:
                    answer = await visitor.get(asked)
                took = (perf_counter() - begun) * 1000
                if answer.status_code >= 400:
                    raise RuntimeError(f"{asked} was answered by {answer.status_code}.")
                counted[path] = Cost(counter.count, counter.rows, len(answer.content), took)
        return counted


async def _named(world: World, mara: Member) -> list[tuple[str, str]]:
    """What paths begin with -> one of what it stands for; a draft first, for the pages that only drafts have."""
    told, draft = await published(mara), await written(mara, "cluster", cluster="main", public=True)
    await (await world.acme.signed_in("bo"))(reports.ask, incident=told)
    report = (await mara.call(ops_reports.page)).items[0].id
    me = (await mara.call(ops_findings.page)).owners[0].id
    finding = await mara.call(ops_findings.enter, title="Late", source="review", weight="low", place="here", owner=me)
    wanted = {"slug": "acme", "authority": "Court", "reference": "7 Gs 12/26", "wanted": "All tickets of one person."}
    disclosure = await mara.call(ops_disclosures.open, **wanted)
    drafts = [(f"/incidents/{{id}}/{page}", f"/incidents/{draft}/{page}") for page in ("edit", "preview")]
    return [
        *drafts,
        ("/incidents/{id}", f"/incidents/{told}"),
        ("/reports/{id}", f"/reports/{report}"),
        ("/findings/{id}", f"/findings/{finding}"),
        ("/disclosures/{id}", f"/disclosures/{disclosure}"),
        ("/staff/{id}", f"/staff/{(await mara.call(ops_staff.page)).staff[0].id}"),
        ("/customers/{slug}", "/customers/acme"),
    ]
