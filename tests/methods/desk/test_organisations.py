"""Requesters who belong together, and see each other's tickets where an owner allows it."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.methods.desk import attachments, contacts, members, organisations, palette, requests, tickets
from seldesk.models.desk.mail_domain import DomainTaken
from seldesk.models.desk.organisation import OrganisationKnown
from tests.mailed import cleo_writes, signed_in
from tests.world import CLEO, World, mail

DAN = "dan@cleo.example"
EVE = "eve@elsewhere.example"


async def colleagues(world: World, *, shared: bool = True) -> tuple[UUID, int, int]:
    """Cleo and Dan in one organisation, and the number of Cleo's ticket and of Dan's."""
    bo = world.acme.by_token("bo")
    organisation = await bo(organisations.create, name="Camp & Sons")
    number = await cleo_writes(world)
    await bo(organisations.update, organisation=organisation, domains=["@Cleo.example"], shared=shared)
    dans = await world.acme.mail(mail("Scanner", sender=f"Dan <{DAN}>", message_id="<d@cleo.example>"), sender=DAN)
    assert dans.ticket is not None
    await world.deliver(world.acme)
    return organisation, number, dans.ticket


async def everything(call: rpc.Call, number: int, file: UUID) -> list[str]:
    """What each of a requester's methods says of this ticket."""
    told = []
    attempts: list[tuple[rpc.Method[..., Any], dict[str, Any]]] = [
        (requests.read, {"number": number}),
        (attachments.link, {"attachment": file}),
        (requests.answer, {"number": number, "body": "Me too"}),
        (requests.close, {"number": number}),
        (requests.reopen, {"number": number}),
    ]
    for method, given in attempts:
        try:
            await call(method, **given)
        except rpc.Error as error:
            told.append(error.code)
        else:
            told.append("ok")
    return told


async def test_colleagues_read_and_answer_but_do_not_settle(world: World) -> None:
    _, cleos, dans = await colleagues(world)
    cleo = await signed_in(world)
    ann = world.acme.by_token("ann")
    await ann(tickets.note, number=dans, body="internal: slow payer")
    with StatementCounter() as counter:
        listed = await cleo(requests.list, whose="organisation")
    assert counter.count <= 3, counter.statements
    assert {(row.number, row.requester) for row in listed.items} == {(cleos, "Cleo Camp"), (dans, "Dan")}
    assert [row.number for row in (await cleo(requests.list)).items] == [cleos]
    assert listed.organisation == "Camp & Sons"
    read = await cleo(requests.read, number=dans)
    assert (read.own, read.requester.email) == (False, DAN)
    assert "slow payer" not in repr(read)
    await ann(tickets.reply, number=dans, body="Unplug it.", status="solved")
    await cleo(requests.answer, number=dans, body="Mine as well")
    shown = await ann(tickets.read, number=dans, messages=True)
    assert (shown.status, shown.messages and shown.messages[-1].email) == ("open", CLEO)
    for method in (requests.close, requests.reopen):
        with pytest.raises(rpc.Forbidden):
            await cleo(method, number=dans)
    await cleo(requests.close, number=cleos)


async def test_who_is_no_colleague_or_no_longer_finds_nothing(world: World) -> None:
    """Role x foreign id; switched off, moved and deleted are each gone with the next call."""
    organisation, _, _ = await colleagues(world)
    bo, ann = await world.acme.signed_in("bo"), world.acme.by_token("ann")
    raw = mail("Plans", sender=f"Dan <{DAN}>", message_id="<p@cleo.example>", files={"plan.txt": b"plan"})
    number = (await world.acme.mail(raw, sender=DAN)).ticket
    assert number is not None
    read = await ann(tickets.read, number=number, messages=True)
    assert read.messages is not None
    file = read.messages[0].files[0].id
    allowed = ["ok", "ok", "ok", "forbidden", "forbidden"]
    nothing = ["not_found"] * 5

    cleo = await signed_in(world)
    assert await everything(cleo, number, file) == allowed
    world_mail = mail("Hi", sender=f"Eve <{EVE}>", message_id="<e@e.example>")
    await world.acme.mail(world_mail, sender=EVE)
    eve = await signed_in(world, EVE)
    assert await everything(eve, number, file) == nothing
    with pytest.raises(rpc.NotFound):
        await eve(requests.list, whose="organisation")

    await bo(organisations.update, organisation=organisation, shared=False)
    assert await everything(cleo, number, file) == nothing
    with pytest.raises(rpc.NotFound):
        await cleo(requests.list, whose="organisation")
    assert (await cleo(requests.list)).organisation is None
    await bo(organisations.update, organisation=organisation, shared=True)
    assert await everything(cleo, number, file) == allowed

    person = (await bo(palette.find, query=CLEO)).people[0].id
    await bo(contacts.place, person=person, organisation=None)
    assert await everything(cleo, number, file) == nothing
    await bo(organisations.update, organisation=organisation, domains=["cleo.example"])
    assert await everything(cleo, number, file) == nothing, "what somebody said holds against the domain"
    await bo(contacts.place, person=person, organisation=organisation)
    assert await everything(cleo, number, file) == allowed

    await bo(tickets.update, number=number, removed="deleted")
    assert await everything(cleo, number, file) == nothing
    await bo(tickets.update, number=number, removed=None)
    await bo(organisations.delete, organisation=organisation)
    assert await everything(cleo, number, file) == nothing
    assert (await bo(contacts.page, person=person)).contact.organisation is None


async def test_a_ticket_link_opens_no_colleagues_ticket(world: World) -> None:
    _, cleos, dans = await colleagues(world)
    await world.acme.by_token("ann")(tickets.reply, number=cleos, body="Unplug it.")
    await world.deliver(world.acme)
    found = re.search(rb"/link/([\w.~-]+)", world.relay.sent[-1].raw.replace(b"=\r\n", b"").replace(b"=\n", b""))
    assert found is not None
    opened = await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=found[1].decode())
    by_link = world.acme.calling(Kind.LINK, opened.token)
    await by_link(requests.read, number=cleos)
    for method, given in ((requests.read, {}), (requests.answer, {"body": "x"})):
        with pytest.raises(rpc.NotFound):
            await by_link(method, number=dans, **given)


async def test_domains_are_an_organisations_own(world: World) -> None:
    organisation, _, _ = await colleagues(world)
    bo = world.acme.by_token("bo")
    other = await bo(organisations.create, name="Other")
    with pytest.raises(OrganisationKnown):
        await bo(organisations.create, name="Other")
    with pytest.raises(DomainTaken):
        await bo(organisations.update, organisation=other, domains=["cleo.example"])
    for domain in ("gmail.com", "GMX.de", "@web.de", "com", "a b.example", "*.example", "acme.localhost", "x" * 300):
        with pytest.raises(rpc.Invalid) as refused:
            await bo(organisations.update, organisation=other, domains=["fine.example", domain])
        assert "domains" in refused.value.fields
    listed = (await bo(organisations.list)).items
    assert [(one.name, one.people, [domain.name for domain in one.domains]) for one in listed] == [
        ("Camp & Sons", 2, ["cleo.example"]),
        ("Other", 0, []),
    ]
    await bo(organisations.update, organisation=organisation, domains=[])
    await bo(organisations.update, organisation=other, domains=["cleo.example", "sub.cleo.example"])
    shown = await (await world.acme.signed_in("bo"))(organisations.read, organisation=other)
    assert [person.email for person in shown.people] == [CLEO, DAN]


async def test_only_owners_make_them_and_who_is_limited_places_nobody(world: World) -> None:
    organisation, _, _ = await colleagues(world)
    ann, bo, cleo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), await signed_in(world)
    for method, given in (
        (organisations.create, {"name": "x"}),
        (organisations.update, {"organisation": organisation, "shared": True}),
        (organisations.delete, {"organisation": organisation}),
        (organisations.list, {}),
    ):
        with pytest.raises(rpc.Forbidden):
            await ann(method, **given)
        with pytest.raises(rpc.MethodNotFound):
            await cleo(method, **given)
    person = (await ann(palette.find, query=DAN)).people[0].id
    await ann(contacts.place, person=person, organisation=None)
    with pytest.raises(rpc.Invalid):
        await ann(contacts.place, person=person, organisation=uuid4())
    await bo(members.update, person=(await ann(tickets.queue)).desk.me.id, role="limited")
    with pytest.raises(rpc.Forbidden):
        await ann(contacts.place, person=person, organisation=organisation)
    # Who comes with whom is nothing to somebody who sees some tickets only.
    await bo(tickets.update, number=1, assignee=(await ann(tickets.queue)).desk.me.id)
    cleos = (await ann(palette.find, query=CLEO)).people[0].id
    assert (await ann(contacts.page, person=cleos)).organisations == []
    assert (await bo(contacts.page, person=cleos)).organisations != []
