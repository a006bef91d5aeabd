"""Everybody who could be curious at Acme, and what is not theirs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import rpc
from rpc import Kind
from seldesk.app.exporting import maker
from seldesk.methods.desk import (
    exports,
    mailboxes,
    members,
    organisations,
    people,
    requests,
    roles,
    saved_replies,
    staff_access,
    teams,
    tickets,
    tokens,
    views,
)
from seldesk.methods.desk.shapes.tickets import Message
from seldesk.signer import Signer
from tests.access import allowed, come_in
from tests.app.copied import asked, copied
from tests.incidents import reported
from tests.mailed import signed_in
from tests.staff import hired
from tests.world import CLEO, PASSWORD, Desk, World, address, mail

CEM = "cem@cem.example"
FACTOR = (
    "INSERT INTO secret.factors (id, person_id, kind, name, counter, created_at)"
    " VALUES (gen_random_uuid(), '{person}', 'passkey', 'Key', 0, now()) RETURNING id"
)
SAID = "tonercartridge"  # what is said in Cem's ticket, and nowhere else
NOTED = "neverpays"  # what is noted there and in Cleo's, for agents only


@dataclass(frozen=True)
class Cast:
    """Cleo has a ticket, Cem has one; Iris is a limited agent who was given Cleo's. ids are what may be named."""

    cleo: rpc.Call
    by_link: rpc.Call
    iris: rpc.Call
    iris_token: rpc.Call
    ann: rpc.Call
    bo: rpc.Call
    next_door: list[rpc.Call]
    hers: dict[str, Any]
    his: dict[str, Any]
    noted: dict[str, Any]


async def cast(world: World) -> Cast:
    acme, ann = world.acme, await world.acme.signed_in("ann")
    bo = await acme.signed_in("bo")
    hers, noted = await _ticket(acme, ann, CLEO, "Cleo Camp")
    his, _ = await _ticket(acme, ann, CEM, "Cem Kaya")
    command = acme.program(Kind.COMMAND)
    invited = await command(people.invite, email=address("iris", "acme"), name="Iris", role="limited")
    secret = invited.secret.rpartition("/")[2]
    await acme.calling(Kind.ANONYMOUS, "")(people.choose_password, token=secret, password=PASSWORD)
    iris = await acme.signed_in("iris")
    known = {one.name: one.id for one in (await bo(members.list)).items}
    team = await bo(teams.create, name="Printers")
    await ann(tickets.update, number=hers["number"], assignee=known["Iris"])
    # A change of Ann's, sessions of Bo's, and what owners manage.
    his["bulk"] = (await ann(tickets.update_many, numbers=[his["number"]], priority="high")).id
    his["session"] = (await bo(people.sessions))[0].id
    his["person"] = UUID((await world.rows(acme, f"SELECT id FROM app.people WHERE email = '{CEM}'"))[0])  # noqa: S608 - ours
    his |= {"concerning": his["person"], "behind": his["message"]}
    his |= {"assignee": known["Ann"], "team": team, "members": [known["Ann"]]}
    his["mailbox"] = his["instead"] = (await bo(mailboxes.page)).mailboxes[0].id
    his["download"] = await _download(world, bo)
    his["token"] = (await bo(tokens.page)).items[0].id
    his["copy"] = await copied(world, acme)
    his["side"] = (await asked(world, acme.slug, "aside", his["copy"])).id
    his["factor"] = UUID((await world.rows(acme, FACTOR.format(person=his["person"])))[0])
    his["organisation"] = await bo(organisations.create, name="Kaya Ltd")
    his["reply"] = await bo(saved_replies.create, name="Refund", text="Hello {requester}")
    his["role"] = await bo(roles.create, name="Reader")
    his["saved"] = await ann(views.save, name="Late", view="all")
    his["kept"] = [his["attachment"]]
    await allowed(world)
    mara = await hired(world, "support", "operations")
    await come_in(world, mara, hers["number"])
    his["access"] = (await bo(staff_access.page)).visits[0].id
    await acme.mail(b"\x00")
    his["mail"] = UUID((await world.rows(acme, "SELECT id FROM app.mails ORDER BY received_at DESC LIMIT 1"))[0])
    told = await reported(world, mara, "A disk was full.", scope="customers", customers="acme")
    his["incident"], his["report"] = told
    globex = await world.neighbour()
    script = (await command(tokens.create, email=address("iris", "acme"), name="Iris")).secret
    return Cast(
        cleo=await signed_in(world, CLEO),
        by_link=await _by_link(world, hers["number"]),
        iris=iris,
        iris_token=acme.calling(Kind.TOKEN, script),
        ann=ann,
        bo=bo,
        next_door=[await globex.signed_in("bo"), globex.by_token("bo")],
        hers=hers,
        his=his,
        noted=noted,
    )


async def _ticket(desk: Desk, ann: rpc.Call, sender: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What names a ticket and what was written in it; and what names its note."""
    raw = mail(
        text=f"It smokes. {SAID if sender == CEM else ''}",
        sender=f"{name} <{sender}>",
        message_id=f"<{uuid4()}@x.example>",
        html="<p>It smokes.</p>",
        files={"plan.txt": b"plan"},
    )
    number = (await desk.mail(raw, sender=sender)).ticket
    assert number is not None
    file = rpc.Upload(name="toner.txt", type="text/plain", content=b"internal")
    await ann(tickets.note, number=number, body=f"internal: {NOTED}", files=[file])
    messages = (await ann(tickets.read, number=number, messages=True)).messages
    assert messages is not None
    return _names(number, messages[0]), _names(number, messages[1])


async def _download(world: World, bo: rpc.Call) -> UUID:
    """The link to an export of Acme."""
    _ = await bo(exports.ask, password=PASSWORD)
    await maker(world.app).work()
    return (await bo(exports.page)).exports[0].id


def _names(number: int, message: Message) -> dict[str, Any]:
    return {
        "number": number,
        "numbers": [number],
        "into": number,
        "message": message.id,
        "seen": message.id,
        "attachment": message.files[0].id,
    }


async def _by_link(world: World, number: object) -> rpc.Call:
    query = "SELECT t.id || ' ' || t.requester_id FROM app.tickets t WHERE t.number = " + str(number)  # noqa: S608 - a number of ours
    ticket, person = (await world.rows(world.acme, query))[0].split()
    signer = Signer(world.app.signing_key, world.acme.id)
    token = signer.sign("ticket", {"ticket": ticket, "person": person}, world.clock.now().replace(year=2027))
    opened = await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=token)
    return world.acme.calling(Kind.LINK, opened.token)
