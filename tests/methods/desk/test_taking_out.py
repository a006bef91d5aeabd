"""What leaves the house as a file is asked for with a fresh proof, and gone on with by whoever began it alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import rpc
from rpc import Kind
from seldesk.app.exporting import maker
from seldesk.errors import ProofNeeded
from seldesk.methods import PUBLIC
from seldesk.methods.desk import audits, exports, links, personal_data
from seldesk.methods.proofs import MATTERS, WITH_PASSWORD
from seldesk.methods.recording import AUDITED
from seldesk.web.credential import SESSION
from tests.access import person
from tests.web.visitor import Visitor
from tests.world import CLEO, PASSWORD, World, mail

LATER = timedelta(minutes=5, seconds=1)
Part = Callable[[rpc.Call, str], Any]
# Reviewed: what owners may do with data and the whole, without being asked who they are once more.
WITHOUT_PROOF = {
    "account.pause": "It is ended by a button beside it.",
    "account.resume": "It puts back what one's own pause took.",
    "backups.ask": "The copy stays where copies are.",
    "links.withdraw": "It takes a way out away.",
    "plans.choose": "It takes nothing out, and another one is chosen as easily.",
    "privacy.close": "It is taken back by a button beside it, for weeks.",
    "privacy.take_back": "It puts back what was closed.",
    "reports.ask": "The operator answers, and writes about itself.",
    "reports.read": "What the operator wrote about an incident names nobody.",
    "sides.remove": "What it removes can be restored again.",
    "staff_access.turn_off": "It takes a way in away, which must not wait.",
    "staff_access.turn_on": "It lets in nobody who could not come in otherwise, and each access is told.",
    "unsent.drop": "One mail, which stands in its ticket.",
    "unsent.send": "One mail, to whom it was written.",
}


def test_each_method_that_takes_data_out_asks_once_more_or_was_reviewed() -> None:
    concerned = {
        one.name
        for one in PUBLIC
        if AUDITED.get(one.name) in ("data", "account", "access") and one.kinds == {Kind.PERSON}
    }
    assert concerned - MATTERS - WITH_PASSWORD == WITHOUT_PROOF.keys()


async def taken(world: World, bo: rpc.Call) -> tuple[UUID, UUID]:
    """Cleo, of whom there is a ticket, and an export."""
    await world.acme.mail(mail())
    await bo(exports.ask, password=PASSWORD)
    await maker(world.app).work()
    return await person(world, CLEO), (await bo(exports.page)).exports[0].id


@pytest.mark.asvs("V7.5.1", "V14.2.1")
@pytest.mark.flaw("Zulip CVE-2022-31134")
async def test_nobody_goes_on_with_what_they_did_not_begin(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    cleo, download = await taken(world, bo)
    globex = await world.neighbour()
    next_door = await globex.signed_in("bo")
    keys = {
        "audit": await bo(audits.begin),
        "person": (await bo(personal_data.begin, person=cleo)).key,
        "download": (await bo(links.read, download)).key,
    }
    hers = await next_door(audits.begin)
    parts: dict[str, Part] = {
        "audit": lambda call, key: call(audits.lines, key=key),
        "person": lambda call, key: call(personal_data.messages, person=cleo, key=key),
        "download": lambda call, key: call(links.chunk, download, at=0, key=key),
    }
    other = await world.acme.signed_in("bo")
    for name, part in parts.items():
        assert await part(bo, keys[name])
        wrong = [one for what, one in keys.items() if what != name]
        for key in (*wrong, hers, "", "x" * 500, keys[name][:-1], keys[name] + "x"):
            with pytest.raises(ProofNeeded):
                await part(bo, key)
        with pytest.raises(ProofNeeded):
            await part(other, keys[name])
    elsewhere = await bo(personal_data.begin, person=await person(world, "ann@acme.example"))
    with pytest.raises(ProofNeeded):
        await parts["person"](bo, elsewhere.key)
    with pytest.raises(rpc.NotFound):
        await next_door(links.read, download)
    with pytest.raises(rpc.NotFound):
        await bo(links.read, uuid4())
    # A download takes longer than a proof is fresh, and is not begun again without another one.
    world.clock.move(LATER)
    for name, part in parts.items():
        assert await part(bo, keys[name])
    for begin in (bo(audits.begin), bo(personal_data.begin, person=cleo), bo(links.read, download)):
        with pytest.raises(ProofNeeded):
            await begin
    told = [(one.method, one.person) for one in (await bo(audits.page, kind="data")).items]
    assert told[-4:] == [
        ("links.read", None),
        ("personal_data.begin", "Cleo Camp"),
        ("audits.begin", None),
        ("exports.ask", None),
    ]


async def test_a_page_that_was_left_open_leads_to_the_question_and_back(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    cleo, download = await taken(world, bo)
    world.clock.move(LATER)
    ways = {
        "/settings/audit.jsonl": "/settings/audit",
        f"/settings/people/{cleo}/copy.zip": f"/settings/people/{cleo}/data",
        f"/settings/downloads/{download}": "/settings/export",
    }
    async with Visitor(world.app.web(), known=False) as owner:
        owner.cookies.set(SESSION, bo.credential.secret)
        for way, page in ways.items():
            answer = await owner.get(way)
            assert (answer.status_code, answer.headers["location"]) == (
                303,
                f"/account/again?next={page.replace('/', '%2F')}",
            )
            assert "content-disposition" not in answer.headers
