"""Teams and mailboxes go, and their tickets stay."""

from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.models.desk.event import Event
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.team import Membership, Team
from seldesk.models.desk.ticket import UNSOLVED, Ticket
from seldesk.surroundings import surroundings

# So many are changed while somebody waits.
AT_ONCE, LARGEST = 5_000, 50_000
_CHUNK = 500


async def unsolved_of(team: UUID) -> int:
    """How many tickets of a team are not solved, 5,001 at most."""
    return await _unsolved(team).count_up_to(AT_ONCE + 1)


async def team(caller: Caller, team: UUID) -> int:
    """Its tickets are no team's then. The history of those that are not solved says so; of the others the audit alone
    does. Answers how many were not solved. Whoever gives one to this team meanwhile waits, and is refused.
    """
    going = await Team.query().lock().get(team)
    surroundings().trail.knowing(team=going.name)
    unsolved = await unsolved_of(team)
    if unsolved > AT_ONCE:
        raise rpc.Conflict(f"More than {AT_ONCE:,} unsolved tickets are this team’s. Give them to another one first.")
    while tickets := await _unsolved(team).order_by(Ticket.id).limit(_CHUNK).lock().all():
        for ticket in tickets:
            Event.record(caller, ticket.id, "team", {"team": going.name}, {"team": None})
            ticket.team_id = None
        await orm.flush()
    await Ticket.where(Ticket.team_id == team).update(team_id=None)
    await Membership.where(Membership.team_id == team).delete()
    await going.delete()
    return unsolved


async def mailbox(mailbox: UUID, instead: UUID) -> None:
    """Its tickets, and the mails that came to it, are the other one's then. The last one stays."""
    # In one order, so that two who delete one for the other do not wait for each other.
    both = await Mailbox.where(Mailbox.id.in_([mailbox, instead])).order_by(Mailbox.id).lock().all()
    going = next((one for one in both if one.id == mailbox), None)
    if going is None:
        raise rpc.NotFound
    if await Mailbox.query().count_up_to(2) < 2:
        raise rpc.Conflict("This is the only mailbox. Add another one first.")
    if len(both) < 2:
        raise rpc.Invalid(fields={"instead": "Choose another mailbox."})
    surroundings().trail.knowing(mailbox=going.address)
    theirs, came = Ticket.where(Ticket.mailbox_id == mailbox), Mail.where(Mail.mailbox_id == mailbox)
    for held in (theirs, came):
        if await held.count_up_to(LARGEST + 1) > LARGEST:
            raise rpc.Conflict(f"More than {LARGEST:,} tickets or mails are this mailbox’s. Ask us to delete it.")
    await theirs.update(mailbox_id=instead)
    # The same mail may have come to both, and none comes to this one any more: its digest tells nothing apart now.
    own = orm.function("sha256", orm.function("uuid_send", Mail.id))
    await came.update(mailbox_id=instead, digest=own)
    await going.delete()


def _unsolved(team: UUID) -> "orm.Query[Ticket]":
    unsolved = Ticket.status.in_(orm.constants(*UNSOLVED)), Ticket.removed.is_(None)
    return Ticket.where(Ticket.team_id == team, *unsolved)
