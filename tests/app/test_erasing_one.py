"""Of two addresses of which one stands in the other, one is erased."""

import pytest

from rpc import Kind
from seldesk.methods.desk import audits, members, people, privacy, tickets
from tests.app.test_erasing_people import person, work
from tests.world import CLEO, PASSWORD, World, mail

# Whoever has the shorter one could have had erased what the audit knows of the longer one.
OTHERS = ("mc" + CLEO, CLEO + ".org")


@pytest.mark.asvs("V16.4.2")
async def test_what_is_known_of_a_longer_address_stays(world: World) -> None:
    bo, ann = await world.acme.signed_in("bo"), world.acme.by_token("ann")
    number = (await world.acme.mail(mail())).ticket or 0
    from_cem = mail(sender="Cem <cem@cem.example>", message_id="<c@x>")
    his = (await world.acme.mail(from_cem, sender="cem@cem.example")).ticket or 0
    for other in OTHERS:
        await bo(members.invite, email=other, name="Somebody else", role="agent")
        await world.acme.calling(Kind.ANONYMOUS, "")(people.mail_link, email=other, purpose="password")
    await ann(tickets.reply, number=his, body="Which?", cc=[CLEO, *OTHERS])
    await ann(tickets.reply, number=number, body="That one.")
    cleo, waiting = await person(world, CLEO), "SELECT count(*) FROM app.outbox WHERE kind = 'password'"
    assert await world.rows(world.acme, waiting) == ["2"]
    assert (await bo(privacy.erase, person=cleo, password=PASSWORD, name="Cleo Camp")).begun
    await work(world)
    assert await world.rows(world.acme, waiting) == ["2"]
    assert set((await ann(tickets.read, number=his)).cc) == set(OTHERS)
    invited = [one.facts for one in (await bo(audits.page, kind="people")).items if one.method == "members.invite"]
    assert {(facts or {}).get("email") for facts in invited} == set(OTHERS)
    assert await world.rows(world.acme, f"SELECT count(*) FROM app.people WHERE email = '{CLEO}'") == ["0"]  # noqa: S608
