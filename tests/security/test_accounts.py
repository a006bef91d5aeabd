"""Accounts: no door makes them for show, nobody takes one over, and nobody takes out more than they see."""

import re
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio
from starlette.routing import Route

import rpc
from orm import StatementCounter
from rpc import Kind
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.desk import exports, members, personal_data, roles, tickets
from seldesk.permissions import GRANTABLE
from seldesk.web.application import ACCOUNT, DESK, FILES, PORTAL, SETTINGS, SITE
from seldesk.web.console.routes import CONSOLE
from seldesk.web.settings.panel import PANEL
from tests.security.cast import NOTED, SAID, Cast, cast
from tests.web.visitor import Visitor
from tests.world import PASSWORD, World, address

pytestmark = pytest.mark.asyncio(loop_scope="module")
OUTSIDE = (Kind.PERSON, Kind.TOKEN, Kind.LINK, Kind.ANONYMOUS)
FOR_SHOW = re.compile(r"setup|seed|demo|debug|install|fixture|sample|bootstrap|^test", re.IGNORECASE)
WORDS = (
    "setup",
    "seed",
    "demo",
    "debug",
    "test",
    "install",
    "fixtures",
    "sample_data",
    "reset_database",
    "shell",
    "eval",
)
# What an account is: who it is, what it may, and by what it comes in.
ACCOUNTS = """
SELECT json_build_array(p.id, p.name, p.email, p.role, p.role_id, p.disabled_at, v.hash)::text
FROM app.people p LEFT JOIN secret.verifiers v ON v.person_id = p.id ORDER BY p.id
"""
WAYS_IN = (
    "SELECT person_id::text FROM secret.tokens UNION ALL SELECT person_id::text FROM secret.invitations ORDER BY 1"
)
GRABBED = {
    "email": "mine@evil.example",
    "role": "owner",
    "is_owner": True,
    "password": PASSWORD + "2",
    "role_id": None,
    "totp_secret": "",
    "disabled_at": None,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(world: World) -> Cast:
    return await cast(world)


@pytest.mark.flaw("Odoo CVE-2021-45111")
@pytest.mark.asvs("V6.3.2", "V13.4.2")
async def test_nothing_is_set_up_filled_or_tried_out_from_outside(world: World) -> None:
    """No method and no address for it, and no word in an address that shows more."""
    named = [one.name for one in PUBLIC if FOR_SHOW.search(one.name.partition(".")[2]) and one.kinds & set(OUTSIDE)]
    assert named == []
    routes: list[Route] = [*SITE, *PORTAL, *ACCOUNT, *DESK, *SETTINGS, *PANEL, *FILES, *CONSOLE]
    assert [one.path for one in routes if any(map(FOR_SHOW.search, one.path.split("/")))] == [
        "/settings/mailboxes/{id}/test"
    ]
    bo = (await world.acme.signed_in("bo")).credential
    with StatementCounter() as counter:
        for first in WORDS:
            for second in ("run", "create", "data", *WORDS):
                with pytest.raises(rpc.MethodNotFound):
                    await world.app.dispatcher.answer(bo, f"{first}.{second}", {})
    assert counter.count == 0
    async with Visitor(world.app.web(), "acme.localhost:8080", known=False) as anybody:
        for word in WORDS:
            for path in (f"/{word}", f"/desk/{word}", f"/settings/{word}", f"/api/{word}", f"/rpc/{word}"):
                assert (await anybody.get(path)).status_code in (303, 404), path
        plain = (await anybody.get("/desk/sign-in")).text
        for query in ("debug=1", "debug=true", "_debug=1", "test=1", "demo=1", "setup=1"):
            assert _still((await anybody.get(f"/desk/sign-in?{query}")).text) == _still(plain)


def _still(text: str) -> str:
    """Without what is new on every page."""
    return re.sub(r'(nonce|value|hx-nonce)="[^"]*"|nonce-[\w-]+', "", text)


@pytest.mark.flaw("Zulip CVE-2022-31134")
@pytest.mark.asvs("V8.2.1", "V8.2.3")
async def test_every_export_is_for_whoever_sees_all_that_is_in_it(world: World, everybody: Cast) -> None:
    """What takes much out at once is refused to all but owners, whatever role they have; what a person asks of their
    own data, and what tickets and mails are given out one by one, holds nothing that they do not see.
    """
    taking = [one for one in PUBLIC if one.name.partition(".")[0] in ("exports", "backups", "links", "personal_data")]
    taking = [one for one in taking if Kind.PERSON in one.kinds]
    assert len(taking) > 10
    assert {one.permission for one in taking} == {"settings"}
    assert {one.kinds for one in taking} == {frozenset({Kind.PERSON})}
    people = {one.name: one.id for one in (await everybody.bo(members.list)).items}
    every = [permission for group in GRANTABLE.values() for permission in group]
    role = await everybody.bo(roles.create, name="Everything", permissions=every)
    await everybody.bo(members.update, person=people["Ann"], role=str(role))
    for call in (everybody.ann, everybody.iris, everybody.cleo, everybody.by_link, world.acme.by_token("bo")):
        for method in taking:
            with pytest.raises((rpc.Forbidden, rpc.MethodNotFound)):
                await world.app.dispatcher.answer(
                    call.credential, method.name, example_arguments(method, **{**everybody.his, "password": PASSWORD})
                )
    await everybody.bo(members.update, person=people["Ann"], role="agent")
    assert not (await everybody.bo(exports.ask, password="wrong horse")).asked
    await _holds_their_own_alone(world, everybody)


async def _holds_their_own_alone(world: World, everybody: Cast) -> None:
    """A copy of Cleo's data has her tickets, without notes and without Cem's; what Iris lists is what she sees."""
    cleo = UUID((await world.rows(world.acme, "SELECT id FROM app.people WHERE email = 'cleo@cleo.example'"))[0])
    begun = await everybody.bo(personal_data.begin, person=cleo)
    parts = [
        begun,
        await everybody.bo(personal_data.tickets, person=cleo, key=begun.key),
        await everybody.bo(personal_data.messages, person=cleo, key=begun.key),
    ]
    text = msgspec.json.encode(parts).decode()
    assert "It smokes." in text
    assert NOTED not in text
    assert SAID not in text
    seen = {row.number for row in (await everybody.iris(tickets.list)).items}
    assert seen == {everybody.hers["number"]}
    with pytest.raises(rpc.NotFound):
        await everybody.iris(tickets.read, number=everybody.his["number"], messages=True)


async def accounts(world: World) -> tuple[list[str], list[str]]:
    return await world.rows(world.acme, ACCOUNTS), await world.rows(world.acme, WAYS_IN)


@pytest.mark.flaw("Zammad CVE-2021-42086", "GLPI CVE-2023-28632")
@pytest.mark.asvs("V8.2.1", "V15.3.3")
async def test_no_agent_changes_an_account_by_any_method_that_names_one(world: World, everybody: Cast) -> None:
    """The owner's and their own: as agents, limited or not, by token, and in a role with all but one permission."""
    people = {one.name: one.id for one in (await everybody.bo(members.list)).items}
    every = [permission for group in GRANTABLE.values() for permission in group if permission != "settings.people"]
    role = await everybody.bo(roles.create, name="Nearly everything", permissions=every)
    await everybody.bo(members.update, person=people["Ann"], role=str(role))
    naming = [one for one in PUBLIC if one.kinds & {Kind.PERSON, Kind.TOKEN} and _names_people(one)]
    assert len(naming) > 15
    before, tried = await accounts(world), 0
    for call in (everybody.ann, everybody.iris, everybody.iris_token, everybody.cleo):
        for method in naming:
            for target in ("Bo", "Ann"):
                known: dict[str, Any] = {**everybody.his, "person": people[target], "members": [people[target]]}
                known |= {"assignee": people[target], "email": address(target.lower(), "acme"), "name": "Mine"}
                known |= {"role": str(role), "password": PASSWORD, "requester_email": address("bo", "acme")}
                arguments = example_arguments(method, **known)
                for extra in ({}, GRABBED):
                    with suppress(rpc.Error):
                        await world.app.dispatcher.answer(call.credential, method.name, arguments | extra)
                    tried += 1
    assert tried > 200
    assert await accounts(world) == before
    await everybody.bo(members.update, person=people["Ann"], role="agent")


def _names_people(method: rpc.Method[..., Any]) -> bool:
    names = {each.name for each in method.signature.parameters}
    return bool(names & {"person", "members", "assignee", "email", "requester_email", "role", "instead", "token"})


@pytest.mark.flaw("FreeScout CVE-2026-27637", "GLPI CVE-2024-50339")
@pytest.mark.asvs("V11.5.1", "V7.2.1", "V7.2.2", "V7.2.3")
async def test_what_the_database_keeps_of_a_way_in_opens_nothing(world: World, everybody: Cast) -> None:
    """Whoever reads all of it, in a copy or here, has hashes of what was random, and no id that a token is made of."""
    secrets = [call.credential.secret for call in (everybody.bo, everybody.ann, everybody.cleo, everybody.iris_token)]
    assert all(len(secret) >= 43 for secret in secrets)
    assert len({secret[:8] for secret in secrets if not secret.startswith("sdt_")}) == 3
    kept = await world.rows(
        world.acme,
        "SELECT row_to_json(t)::text FROM secret.sessions t UNION ALL SELECT row_to_json(t)::text FROM secret.tokens t "
        "UNION ALL SELECT row_to_json(t)::text FROM secret.mailed_links t",
    )
    assert not [row for row in kept for secret in secrets if secret in row]
    values = {str(value) for row in kept for value in msgspec.json.decode(row).values() if isinstance(value, str)}
    known = [value for value in values if len(value) > 10]
    made = {sha256(value.encode()).hexdigest() for value in known} | {value.removeprefix("\\x") for value in known}
    for secret in {*values, *made}:
        for kind in (Kind.PERSON, Kind.TOKEN, Kind.LINK):
            method = {Kind.PERSON: "people.sessions", Kind.TOKEN: "tickets.agents", Kind.LINK: "requests.read"}[kind]
            given = {"number": everybody.hers["number"]} if kind is Kind.LINK else {}
            with pytest.raises(rpc.Unauthenticated):
                await world.app.dispatcher.answer(world.acme.calling(kind, secret).credential, method, given)
