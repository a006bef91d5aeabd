"""What several pages of the desk show alike."""

from collections.abc import Sequence
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.desk import Desk, Hit, Hits, Piece, SavedView, Tagged, TicketRow, Tickets
from seldesk.methods.desk.shapes.people import Me, Party, TeamName
from seldesk.methods.desk.shapes.tickets import Draft, FileRow, Ticket
from seldesk.models import desk as models
from seldesk.surroundings import surroundings


async def desk(caller: Caller) -> Desk:
    counts, views = await models.listing.sidebar(caller, SavedView)
    return Desk(customer=surroundings().customer.name, me=Me.of(caller), counts=counts, views=views)


def saved_view(desk: Desk, saved: UUID) -> tuple[SavedView, models.Selection]:
    """One of those in the sidebar; another person's is not there."""
    for one in desk.views:
        if one.id == saved:
            return one, models.Selection.of(one.conditions)
    raise rpc.NotFound("There is no such view. Whoever saved it may have deleted it.")


async def tickets(
    caller: Caller,
    selection: models.Selection,
    cursor: str | None,
    size: int,
    around: Sequence[models.listing.Neighbour] = (),
) -> Tickets:
    page = await models.listing.tickets(caller, TicketRow, selection, cursor=cursor, size=size, around=around)
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


async def choices(caller: Caller) -> tuple[list[Party], list[TeamName], list[Tagged]]:
    """Who tickets can be given to, which teams, and which tags there are."""
    found = await models.listing.choices(caller, Party, Tagged, TeamName)
    return found["agents"], found["teams"], found["tags"]


def draft(shown: models.reading.Shown) -> Draft | None:
    files = [FileRow(file.id, file.name, file.type, file.size) for file in shown.draft_files]
    for one in shown.drafts:
        return Draft("note" if one.kind == "note" else "message", one.text, one.sent_to, one.cc, one.saved_at, files)
    return None


def ticket(shown: models.reading.Shown) -> Ticket:
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
        cc=shown.cc,
        last_message=shown.last_message,
        created_at=shown.created_at,
        updated_at=shown.updated_at,
        others=shown.others,
        team=None if shown.team_id is None else TeamName(shown.team_id, shown.team or ""),
        removed=shown.removed,
        followers=shown.followers,
        merged=shown.merged,
    )
