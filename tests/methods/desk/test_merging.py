"""Two tickets about one matter: one goes on in the other, and by itself again when somebody says so."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.errors import DifferentRequesters, TicketMerged, TicketRemoved
from seldesk.methods.desk import attachments, drafts, erasures, merges, people, requests, teams, tickets
from seldesk.models.desk.merging import GoesOnElsewhere, NotByItself, NotMerged
from tests.mailed import anybody, signed_in
from tests.methods.desk.test_requests import linked
from tests.world import CLEO, PASSWORD, World, address, mail

CEM = "cem@cem.example"


async def writes(world: World, subject: str, text: str, sender: str = CLEO, **headers: str) -> int:
    """A mail of its own; answers the number of its ticket."""
    world.clock.move(timedelta(minutes=1))
    id = f"<{'.'.join(re.findall('[A-Za-z0-9]+', subject))}@x.example>"
    sent = mail(subject, text, sender=sender, message_id=id, headers=headers)
    received = await world.acme.mail(sent, sender=sender)
    await world.deliver(world.acme)
    assert received.ticket is not None
    return received.ticket


async def said(world: World, number: int) -> list[str]:
    read = await world.acme.by_token("ann")(tickets.read, number=number, messages=True)
    return [one.text.strip() for one in read.messages or []]


async def two(world: World, second: str = CLEO) -> tuple[int, int]:
    first = await writes(world, "The printer smokes", "It smokes.")
    return first, await writes(world, "Toner order", "Send toner.", second)


async def letters(world: World) -> list[EmailMessage]:
    await world.deliver(world.acme)
    return [message_from_bytes(letter.raw, EmailMessage, policy=policy.default) for letter in world.relay.sent]


async def test_it_stands_in_the_other_one_and_its_number_leads_there(world: World) -> None:
    first, second = await two(world)
    ann = world.acme.by_token("ann")
    await ann(tickets.follow, number=second)
    merged = await ann(merges.merge, number=second, into=first)
    assert (merged.number, merged.status) == (first, "new")
    assert await said(world, first) == ["It smokes.", "Send toner."]
    read = await ann(tickets.read, number=second, messages=True)
    assert (read.number, [one.text.strip() for one in read.messages or []]) == (first, ["It smokes.", "Send toner."])
    assert [(one.number, one.subject) for one in read.merged] == [(second, "Toner order")]
    assert [one.name for one in read.followers] == ["Ann"]
    assert [row.number for row in (await ann(tickets.list)).items] == [first]
    assert (await ann(tickets.list, view="removed")).items == []
    for words in ("toner", "order", "smokes", str(second)):
        assert [hit.number for hit in (await ann(tickets.search, query=words)).items] == [first], words
    page = await (await world.acme.signed_in("ann"))(tickets.page, number=second)
    assert [(event.kind, event.after) for event in page.events if event.kind == "merged"] == [
        ("merged", {"ticket": second})
    ]


async def test_it_goes_on_by_itself_again_with_what_was_said_in_it_before(world: World) -> None:
    first, second = await two(world)
    ann = world.acme.by_token("ann")
    before = (await ann(tickets.read, number=second), await said(world, second))
    await ann(merges.merge, number=second, into=first)
    await ann(tickets.reply, number=first, body="Both are on their way.")
    world.clock.move(timedelta(days=400))
    assert (await ann(merges.undo, number=second)).number == second
    assert await said(world, first) == ["It smokes.", "Both are on their way."]
    after = (await ann(tickets.read, number=second), await said(world, second))
    assert after[1] == before[1]
    assert (after[0].status, after[0].removed, after[0].last_message) == ("new", None, before[0].last_message)
    assert [hit.number for hit in (await ann(tickets.search, query="toner")).items] == [second]
    assert [hit.number for hit in (await ann(tickets.search, query="smokes")).items] == [first]
    with pytest.raises(NotMerged):
        await ann(merges.undo, number=second)


@pytest.mark.parametrize("way", ["number", "answer", "reference"])
async def test_mail_to_what_was_merged_comes_to_where_it_goes_on(world: World, way: str) -> None:
    first, second = await two(world)
    ann = world.acme.by_token("ann")
    await ann(tickets.reply, number=second, body="Which toner?")
    letter = (await letters(world))[-1]
    await ann(tickets.update, number=first, status="solved")
    await ann(merges.merge, number=second, into=first)
    given: dict[str, dict[str, Any]] = {
        "number": {"subject": f"Re: [#{second}] Toner order"},
        "answer": {"to": parseaddr(str(letter["Reply-To"]))[1]},
        "reference": {"headers": {"In-Reply-To": "<Toner.order@x.example>"}},
    }
    sent = mail(**{"subject": "Black", "text": "The black one.", "message_id": "<late@x.example>", **given[way]})
    received = await world.acme.mail(sent, to=given[way].get("to"))
    assert (received.outcome, received.ticket) == ("threaded", first)
    read = await ann(tickets.read, number=first, messages=True)
    assert (read.status, [one.verified for one in read.messages or []][-1]) == ("open", True)
    await ann(tickets.update, number=first, removed="deleted")
    again = mail(**{"subject": "Black", "text": "Still.", "message_id": "<later@x.example>", **given[way]})
    assert (await world.acme.mail(again, to=given[way].get("to"))).outcome == "opened"


async def test_where_somebody_else_asked_it_is_said_first_and_then_they_get_copies(world: World) -> None:
    first, second = await two(world, CEM)
    ann = world.acme.by_token("ann")
    with pytest.raises(DifferentRequesters):
        await ann(merges.merge, number=second, into=first)
    assert await said(world, second) == ["Send toner."]
    await ann(merges.merge, number=second, into=first, different_requesters=True)
    assert (await ann(tickets.read, number=first)).cc == [CEM]
    await ann(tickets.reply, number=first, body="Both are on their way.")
    world.relay.sent.clear()
    (letter,) = await letters(world)
    assert (str(letter["To"]).partition("<")[2], str(letter["Cc"])) == (f"{CLEO}>", CEM)
    assert "/link/" not in letter.as_string()
    answered = mail(f"Re: [#{second}]", "Thanks.", sender=CEM, message_id="<thanks@x.example>")
    assert (await world.acme.mail(answered, sender=CEM)).ticket == first
    cem = await signed_in(world, CEM)
    assert (await cem(requests.list)).items == []
    for number, error in ((second, GoesOnElsewhere), (first, rpc.NotFound)):
        for method, more in ((requests.read, {}), (requests.answer, {"body": "Hello?"}), (requests.close, {})):
            with pytest.raises(error):
                await cem(method, number=number, **more)
    await ann(merges.undo, number=second)
    assert (await ann(tickets.read, number=first)).cc == []
    assert [one.text.strip() for one in (await cem(requests.read, number=second)).messages] == ["Send toner."]


async def test_a_letter_that_has_not_left_yet_goes_to_whom_it_was_written(world: World) -> None:
    first, second = await two(world, CEM)
    ann = world.acme.by_token("ann")
    await ann(tickets.reply, number=second, body="Your toner has left.")
    await ann(merges.merge, number=second, into=first, different_requesters=True)
    world.relay.sent.clear()
    (letter,) = await letters(world)
    assert (str(letter["To"]), letter["Cc"]) == (CEM, None)


async def test_its_requester_reads_and_answers_it_under_both_numbers(world: World) -> None:
    number, token = await linked(world)
    other = await writes(world, "Toner order", "Send toner.")
    ann = world.acme.by_token("ann")
    file = (await ann(tickets.read, number=number, messages=True)).messages[0].files[0]  # type: ignore[index]
    await ann(merges.merge, number=number, into=other)
    cleo = await signed_in(world)
    read = await cleo(requests.read, number=number)
    assert read.number == other
    assert "she never pays" not in repr(read)
    assert (await cleo(requests.answer, number=number, body="Well?")).number == other
    assert (await cleo(requests.close, number=number)).number == other
    assert [row.number for row in (await cleo(requests.list)).items] == [other]
    opened = await anybody(world.acme)(requests.open, token=token)
    assert opened.number == other
    link = world.acme.calling(Kind.LINK, opened.token)
    assert (await link(requests.read, number=other)).number == other
    assert (await link(attachments.link, attachment=file.id)).startswith("http://acme.files.localhost:8080/")


async def test_a_link_to_what_goes_on_in_somebody_elses_opens_nothing(world: World) -> None:
    number, token = await linked(world)
    link = world.acme.calling(Kind.LINK, (await anybody(world.acme)(requests.open, token=token)).token)
    other = await writes(world, "Toner order", "Send toner.", CEM)
    await world.acme.by_token("ann")(merges.merge, number=number, into=other, different_requesters=True)
    with pytest.raises(GoesOnElsewhere):
        await anybody(world.acme)(requests.open, token=token)
    for one in (number, other):
        with pytest.raises(rpc.NotFound):
            await link(requests.read, number=one)


async def test_several_follow_each_other_and_are_taken_out_in_any_order(world: World) -> None:
    ann = world.acme.by_token("ann")
    one, two, three = [await writes(world, f"Matter {count}", f"It is {count}.") for count in (1, 2, 3)]
    await ann(merges.merge, number=one, into=two)
    await ann(merges.merge, number=two, into=three)
    for number in (one, two, three):
        read = await ann(tickets.read, number=number)
        assert (read.number, [each.number for each in read.merged]) == (three, [two])
        with pytest.raises(rpc.Invalid) as refused:
            await ann(merges.merge, number=three, into=number)
        words = "the ticket itself" if number == three else "was merged into this one"
        assert words in refused.value.fields["into"]
    with pytest.raises(TicketMerged):
        await ann(merges.merge, number=one, into=three)
    await ann(merges.undo, number=two)
    assert (await said(world, two), await said(world, three)) == (["It is 1.", "It is 2."], ["It is 3."])
    await ann(merges.undo, number=one)
    assert [await said(world, number) for number in (one, two, three)] == [["It is 1."], ["It is 2."], ["It is 3."]]
    await ann(merges.merge, number=one, into=two)
    await ann(merges.merge, number=two, into=three)
    await ann(merges.undo, number=one)
    assert [await said(world, number) for number in (one, two)] == [["It is 1."], ["It is 2.", "It is 3."]]


async def test_what_was_merged_is_neither_answered_nor_changed_nor_put_away(world: World) -> None:
    first, second = await two(world)
    ann = world.acme.by_token("ann")
    await ann(merges.merge, number=second, into=first)
    for method, given in (
        (tickets.reply, {"body": "Yes"}),
        (tickets.note, {"body": "Yes"}),
        (tickets.update, {"priority": "high"}),
        (tickets.update, {"removed": None}),
        (tickets.update, {"removed": "spam"}),
    ):
        with pytest.raises(TicketMerged):
            await ann(method, number=second, **given)
    refused = await ann(tickets.update_many, numbers=[second, first], removed="deleted")
    assert [bool(result.reason) for result in refused.results] == [True, False]
    # Where it goes on is deleted: taken out, it is there again.
    with pytest.raises(TicketRemoved):
        await ann(merges.merge, number=first, into=second)
    await ann(merges.undo, number=second)
    assert [row.number for row in (await ann(tickets.list)).items] == [second]


async def test_what_is_named_must_be_there_and_open_to_the_one_who_names_it(world: World) -> None:
    first, second = await two(world)
    ann, bo = world.acme.by_token("ann"), await world.acme.signed_in("bo")
    await ann(tickets.update, number=second, removed="deleted")
    for into, words in ((first, "the ticket itself"), (999, "no such ticket"), (second, "deleted or spam")):
        with pytest.raises(rpc.Invalid) as refused:
            await ann(merges.merge, number=first, into=into)
        assert words in refused.value.fields["into"]
    await ann(tickets.update, number=second, removed=None)
    iris = await limited(world)
    known = {agent.name: agent.id for agent in await bo(tickets.agents)}
    await bo(tickets.update, number=first, assignee=known["Iris"])
    with pytest.raises(rpc.Invalid) as refused:
        await iris(merges.merge, number=first, into=second)
    assert "no such ticket" in refused.value.fields["into"]
    with pytest.raises(rpc.NotFound):
        await iris(merges.merge, number=second, into=first)


async def limited(world: World) -> rpc.Call:
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email=address("iris", "acme"), name="Iris", role="limited"
    )
    secret = invited.secret.rpartition("/")[2]
    await anybody(world.acme)(people.choose_password, token=secret, password=PASSWORD)
    return await world.acme.signed_in("iris")


@pytest.mark.flaw("Zulip CVE-2024-27286")
async def test_who_saw_it_before_sees_nothing_of_it_where_it_goes_on(world: World) -> None:
    first, second = await two(world)
    bo, iris = await world.acme.signed_in("bo"), await limited(world)
    known = {agent.name: agent.id for agent in await bo(tickets.agents)}
    team = await bo(teams.create, name="People")
    await bo(tickets.update, number=first, team=team)
    await bo(tickets.update, number=second, assignee=known["Iris"])
    await iris(tickets.follow, number=second)
    message = (await iris(tickets.read, number=second, messages=True)).messages[0]  # type: ignore[index]
    await bo(merges.merge, number=second, into=first)
    for method, given in (
        (tickets.read, {"number": second, "messages": True}),
        (tickets.page, {"number": second}),
        (merges.undo, {"number": second}),
    ):
        with pytest.raises(rpc.NotFound):
            await iris(method, **given)
    assert (await iris(tickets.list)).items == []
    assert (await iris(tickets.search, query="toner")).items == []
    assert (await bo(tickets.read, number=first)).followers == []
    assert message.id


async def test_who_is_erased_is_so_in_what_theirs_goes_on_in(world: World) -> None:
    first, second = await two(world, CEM)
    ann = world.acme.by_token("ann")
    await ann(tickets.reply, number=second, body="Dear Cem, it has left.")
    await ann(merges.merge, number=second, into=first, different_requesters=True)
    cem = UUID((await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{CEM}'"))[0])  # noqa: S608 - ours
    job = world.acme.program(Kind.JOB)
    while not await job(erasures.erase, person=cem):
        pass
    assert await said(world, first) == ["It smokes.", "This was erased.", "This was erased."]
    assert (await ann(tickets.search, query="toner")).items == []
    assert CEM not in repr(await ann(tickets.read, number=first, messages=True))


async def test_what_was_asked_beside_it_becomes_a_ticket_of_its_own(world: World) -> None:
    first = await writes(world, "The printer smokes", "It smokes.")
    await writes(world, f"Re: [#{first}]", "And send toner.")
    ann = world.acme.by_token("ann")
    messages = (await ann(tickets.read, number=first, messages=True)).messages or []
    world.relay.sent.clear()
    new = (await ann(merges.split, number=first, message=messages[1].id)).number
    assert (await said(world, first), await said(world, new)) == (["It smokes."], ["And send toner."])
    read, old = await ann(tickets.read, number=new), await ann(tickets.read, number=first)
    assert (read.subject, read.requester, read.channel, read.status) == (old.subject, old.requester, "mail", "new")
    assert (read.last_message, old.last_message) == (messages[1].id, messages[0].id)
    assert [hit.number for hit in (await ann(tickets.search, query="toner")).items] == [new]
    assert [hit.number for hit in (await ann(tickets.search, query="It smokes")).items] == [first]
    assert await letters(world) == []
    said_to = {"In-Reply-To": f"<Re.{first}@x.example>"}
    answer = mail("Re: toner", "Black.", message_id="<black@x.example>", headers=said_to)
    assert (await world.acme.mail(answer)).ticket == new
    await ann(merges.merge, number=new, into=first)
    assert await said(world, first) == ["It smokes.", "And send toner.", "Black."]


async def test_only_what_a_requester_wrote_beside_others_is_split_off(world: World) -> None:
    first, other = await two(world)
    ann = world.acme.by_token("ann")
    (only,) = (await ann(tickets.read, number=first, messages=True)).messages or []
    with pytest.raises(NotByItself):
        await ann(merges.split, number=first, message=only.id)
    note = (await ann(tickets.note, number=first, body="Again.")).id
    with pytest.raises(NotByItself):
        await ann(merges.split, number=first, message=note)
    with pytest.raises(rpc.NotFound):
        await ann(merges.split, number=other, message=only.id)
    await ann(tickets.update, number=first, removed="spam")
    with pytest.raises(TicketRemoved):
        await ann(merges.split, number=first, message=only.id)


async def test_what_was_split_off_stays_so_when_what_it_came_with_is_taken_out(world: World) -> None:
    first, second = await two(world)
    await writes(world, f"Re: [#{second}]", "And paper.")
    ann = world.acme.by_token("ann")
    await ann(merges.merge, number=second, into=first)
    paper = ((await ann(tickets.read, number=first, messages=True)).messages or [])[-1]
    new = (await ann(merges.split, number=first, message=paper.id)).number
    await ann(merges.undo, number=second)
    assert [await said(world, number) for number in (first, second, new)] == [
        ["It smokes."],
        ["Send toner."],
        ["And paper."],
    ]


async def test_who_is_just_writing_goes_on_writing_there(world: World) -> None:
    first, second = await two(world)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    await ann(drafts.keep, number=second, body="Dear Cleo")
    await bo(drafts.keep, number=second, body="Hello Cleo")
    await bo(drafts.keep, number=first, body="Hello both")
    await bo(merges.merge, number=second, into=first)
    shown = [(await one(tickets.page, number=second)).draft for one in (ann, bo)]
    assert [draft and draft.text for draft in shown] == ["Dear Cleo", "Hello both"]
    await bo(merges.undo, number=second)
    again = (await bo(tickets.page, number=second)).draft
    assert again is not None
    assert again.text == "Hello Cleo"
