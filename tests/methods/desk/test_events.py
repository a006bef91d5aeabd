"""What a ticket's history says: its lasting part names nobody."""

from seldesk.methods.desk import profile, tickets
from tests.world import CLEO, World, mail

NAMED = "select t::text from log.events t where t::text ~* '\\m(ann|anne|cleo|carl|smokes)'"


async def test_events_hold_ids_and_the_history_shows_todays_names(world: World) -> None:
    number = (await world.acme.mail(mail())).ticket
    assert number is not None
    ann = await world.acme.signed_in("ann")
    people = {one.name: one.id for one in await ann(tickets.agents)}
    await ann(tickets.reply, number=number, body="Off.", cc=["carl@cleo.example"])
    await ann(tickets.reply, number=number, body="On.", cc=[])
    await ann(tickets.follow, number=number)
    await ann(tickets.update, number=number, subject="Cleo's printer", assignee=people["Bo"])
    await ann(profile.rename, name="Anne Berg")
    assert await world.rows(world.acme, NAMED) == []
    shown = await ann(tickets.page, number=number)
    told = [(event.kind, event.actor, event.before, event.after) for event in shown.events]
    given = {"assignee": "Anne Berg", "id": str(people["Ann"])}
    assert told[0] == ("opened", "Cleo Camp", {}, {"channel": "mail"})
    assert ("cc", "Anne Berg", {}, {"cc": ["carl@cleo.example"]}) in told
    assert ("cc", "Anne Berg", {"cc": ["carl@cleo.example"]}, {}) in told
    assert ("assigned", "Anne Berg", {}, given) in told
    assert ("assigned", "Anne Berg", given, {"assignee": "Bo", "id": str(people["Bo"])}) in told
    assert ("subject", "Anne Berg", {"subject": "The printer smokes"}, {"subject": "Cleo's printer"}) in told
    assert shown.ticket.requester.email == CLEO
