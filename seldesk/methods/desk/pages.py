"""What several pages of the desk show alike."""

from seldesk.caller import Caller
from seldesk.methods.desk.shapes import Desk, Hit, Hits, Me, Party, Piece, Tagged, TeamName, Ticket, TicketRow, Tickets
from seldesk.models import desk as models
from seldesk.surroundings import surroundings


async def desk(caller: Caller) -> Desk:
    return Desk(
        customer=surroundings().customer.name,
        me=Me(caller.id, caller.name, caller.email, caller.role),
        counts=await models.listing.counts(caller),
    )


async def tickets(caller: Caller, selection: models.Selection, cursor: str | None, size: int) -> Tickets:
    page = await models.listing.tickets(caller, TicketRow, selection, cursor=cursor, size=size)
    return Tickets(page.items, page.next, page.previous)


async def hits(caller: Caller, query: str, cursor: str | None) -> Hits:
    criteria = models.Criteria.read(caller, query)
    found, following = await models.finding.tickets(caller, criteria, cursor)
    return Hits([_hit(one, criteria) for one in found], following)


def _hit(found: models.finding.Found, criteria: models.Criteria) -> Hit:
    where, snippet = found.extract(criteria)
    return Hit(
        number=found.number,
        subject=[Piece(*piece) for piece in found.title(criteria)],
        snippet=[Piece(*piece) for piece in snippet],
        where=where,
        status=found.status,
        priority=found.priority,
        tags=found.tags,
        requester=found.requester,
        assignee=found.assignee,
        updated_at=found.updated_at,
    )


async def choices(caller: Caller) -> tuple[list[Party], list[Tagged]]:
    """Who tickets can be given to, and which tags there are."""
    found = await models.listing.choices(caller, Party, Tagged)
    return found["agents"], found["tags"]


def ticket(shown: models.listing.Shown) -> Ticket:
    assignee = None
    if shown.assignee_id is not None:
        assignee = Party(shown.assignee_id, shown.assignee or "", shown.assignee_email or "")
    return Ticket(
        number=shown.number,
        subject=shown.subject,
        status=shown.status,
        priority=shown.priority,
        tags=shown.tags,
        channel=shown.channel,
        requester=Party(shown.requester_id, shown.requester, shown.requester_email),
        assignee=assignee,
        last_message=shown.last_message,
        created_at=shown.created_at,
        updated_at=shown.updated_at,
        others=shown.others,
        team=None if shown.team_id is None else TeamName(shown.team_id, shown.team or ""),
        removed=shown.removed,
        followers=shown.followers,
    )
