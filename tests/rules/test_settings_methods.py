"""What owners may: every such method, called by everybody who may not, changes nothing."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

import rpc
from rpc import Credential, Kind
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.desk import mailboxes, members, requests, roles, saved_replies, teams, tickets, tokens
from seldesk.signer import Signer
from tests.world import CLEO, Desk, World, mail

SETTINGS = [method for method in PUBLIC if (method.permission or "").partition(".")[0] == "settings"]
# What a refused call may write: when the caller was last seen, how often somebody tried, and that it was refused.
BOOKKEEPING = {"secret.sessions", "secret.limits", "log.audit", "app.audit_facts", "app.audit_heads"}
REFUSALS = (rpc.Forbidden, rpc.MethodNotFound, rpc.Unauthenticated, rpc.NotFound)


async def contents(world: World, desk: Desk) -> str:
    """A digest of every row of this customer."""
    tables = await world.rows(
        desk,
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'secret', 'log') ORDER BY 1",
    )
    digest = sha256()
    for table in tables:
        if table not in BOOKKEEPING:
            for row in await world.rows(desk, f"SELECT t::text FROM {table} t ORDER BY 1"):  # noqa: S608
                digest.update(row.encode())
    return digest.hexdigest()


async def a_requester(world: World) -> Credential:
    """Cleo, by the link of her ticket."""
    await world.acme.mail(mail())
    found = await world.rows(
        world.acme,
        f"SELECT t.id || ' ' || p.id FROM app.tickets t, app.people p WHERE p.email = '{CLEO}'",  # noqa: S608
    )
    ticket, person = found[0].split()
    key, now = world.app.signing_key, world.clock.now()
    signer, content = Signer(key, world.acme.id), {"ticket": ticket, "person": person}
    link = signer.sign("ticket", content, now + timedelta(days=1))
    opened = await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=link)
    return world.acme.calling(Kind.LINK, opened.token).credential


async def known_ids(world: World) -> dict[str, object]:
    """What names Acme's things."""
    bo = await world.acme.signed_in("bo")
    people = {member.name: member.id for member in (await bo(members.list)).items}
    role = await bo(roles.create, name="Light agent")
    reply = await bo(saved_replies.create, name="Refund", text="Hello")
    team = await bo(teams.create, name="Printers")
    token = (await bo(tokens.page)).items[0].id
    ann = world.acme.by_token("ann")
    await ann(tickets.open, subject="S", body="B", requester_email=CLEO, tags=["fire"])
    return {
        "tag": "fire",
        "token": token,
        "person": people["Ann"],
        "team": team,
        "role": role,
        "reply": reply,
        "mailbox": (await bo(mailboxes.page)).mailboxes[0].id,
    }


@pytest.mark.flaw("Zammad CVE-2021-42086", "GLPI CVE-2023-28632")
@pytest.mark.asvs("V8.2.1")
async def test_nobody_but_owners_reaches_the_settings(world: World) -> None:
    """An agent, a program of an agent, a requester, a stranger: refused, and every row stays as it was."""
    known = await known_ids(world)
    callers = [
        (await world.acme.signed_in("ann")).credential,
        world.acme.by_token("ann").credential,
        await a_requester(world),
        world.acme.calling(Kind.ANONYMOUS, "").credential,
        world.acme.calling(Kind.PERSON, "invented").credential,
    ]
    before = await contents(world, world.acme)
    for method in SETTINGS:
        arguments = example_arguments(method, **known)
        for credential in callers:
            with pytest.raises(REFUSALS):
                await world.app.dispatcher.answer(credential, method.name, arguments)
    assert await contents(world, world.acme) == before
    assert len(SETTINGS) > 10


@pytest.mark.flaw("Zulip CVE-2025-30369")
@pytest.mark.asvs("V8.2.2", "V8.4.1")
async def test_an_owner_of_the_neighbour_changes_nothing_at_acme(world: World) -> None:
    """With Acme's own ids: not found at home, and nobody at Acme's door."""
    globex, known = await world.neighbour(), await known_ids(world)
    bo = (await globex.signed_in("bo")).credential
    before = await contents(world, world.acme)
    for method in SETTINGS:
        arguments = example_arguments(method, **known)
        if known.keys() & arguments.keys():
            # Whom it invites is nobody's yet, and the role is no role there.
            with pytest.raises(rpc.Invalid if method is members.invite else rpc.NotFound):
                await world.app.dispatcher.answer(bo, method.name, arguments)
        with pytest.raises(REFUSALS):
            await world.app.dispatcher.answer(replace(bo, place="acme"), method.name, arguments)
    assert await contents(world, world.acme) == before
