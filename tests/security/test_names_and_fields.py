"""What can be asked of a method: the arguments that it names, of the types that it says, and nothing else."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from msgspec import inspect as kinds

import rpc
from orm import StatementCounter
from rpc import Credential, Kind
from rpc.testing import example_arguments
from seldesk.errors import ProofNeeded
from seldesk.methods import PUBLIC
from seldesk.methods.desk import account, requests, tickets
from tests.security.cast import NOTED, Cast, cast
from tests.world import PASSWORD, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
OUTSIDE = (Kind.PERSON, Kind.TOKEN, Kind.LINK, Kind.ANONYMOUS)
OPEN = [method for method in PUBLIC if method.kinds & set(OUTSIDE)]
EXTRA: dict[str, object] = {
    "fields": ["owner.password_hash", "group.members.email", "note_count", "a.b.c.d.e"],
    "is_staff": True,
    "tenant_id": 1,
    "customer_id": "00000000-0000-7000-8000-000000000000",
    "created_at": "2026-01-01T00:00:00Z",
    "password_hash": "x",
    "links": [1],
    "related": [1],
    "parent": 1,
    "merge_into": 1,
    "user_id": 1,
    "__class__": "x",
}
STATEMENTS = [
    "'; DROP TABLE app.tickets; --",
    "%' OR 1=1) OR ('",
    "\\",
    "a\\' UNION SELECT 1",
    "{{7*7}}{0.__class__}%s",
]
REFUSED = (rpc.Invalid, rpc.NotFound, rpc.MethodNotFound, rpc.Conflict, rpc.Unauthenticated, ProofNeeded)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(world: World) -> Cast:
    return await cast(world)


def as_somebody(world: World, method: rpc.Method[..., Any]) -> Credential:
    kind = next(kind for kind in OUTSIDE if kind in method.kinds)
    return world.acme.calling(kind, "invented").credential


@pytest.mark.flaw("Odoo CVE-2019-11780", "Roundup CVE-2008-1475", "Odoo CVE-2024-36259", "Zammad CVE-2026-34722")
@pytest.mark.asvs("V15.3.3")
async def test_no_method_takes_what_it_does_not_name(world: World) -> None:
    """Told without a query, whoever asks: no field can be chosen, none can be slipped in."""
    with StatementCounter() as counter:
        for method in OPEN:
            arguments, credential = example_arguments(method), as_somebody(world, method)
            for name, value in EXTRA.items():
                with pytest.raises(rpc.Invalid) as refused:
                    await world.app.dispatcher.answer(credential, method.name, arguments | {name: value})
                assert refused.value.fields == {name: "There is no such argument."}
    assert counter.count == 0


@pytest.mark.flaw("MantisBT CVE-2025-47776", "MantisBT CVE-2017-7615", "GitLab CVE-2023-7028")
@pytest.mark.asvs("V15.3.5")
async def test_text_is_text_everywhere(world: World) -> None:
    """No method compares, stores or looks for what is no string where one is wanted, and none costs a query."""
    tried = 0
    with StatementCounter() as counter:
        for method in OPEN:
            texts = [each for each in method.signature.parameters if each.leaves == {kinds.StrType}]
            arguments, credential = example_arguments(method), as_somebody(world, method)
            for name in (each.name for each in texts if not each.many):
                for wrong in (True, 0, 1.5, [], {}, [PASSWORD], {"$ne": ""}):
                    with pytest.raises(rpc.Invalid):
                        await world.app.dispatcher.answer(credential, method.name, arguments | {name: wrong})
                    tried += 1
    assert tried > 200
    assert counter.count == 0


@pytest.mark.flaw("Chatwoot CVE-2025-21628", "GLPI CVE-2024-27096")
@pytest.mark.asvs("V1.2.4", "V1.3.7", "V1.3.10")
async def test_no_text_is_a_statement(world: World, everybody: Cast) -> None:
    """Every argument of text, as somebody who may: refused or taken as words, and never a fault of the database."""
    for method in OPEN:
        if method.name in ("people.sign_out", "requests.sign_out", "people.end_session"):
            continue
        texts = [each.name for each in method.signature.parameters if each.leaves == {kinds.StrType} and not each.many]
        call = next((one for one in (everybody.bo, everybody.cleo) if one.credential.kind in method.kinds), None)
        call = call or world.acme.calling(next(iter(method.kinds)), "")
        arguments = example_arguments(method, email="nobody@x.example", requester_email="nobody@x.example")
        for name in texts:
            for text in STATEMENTS:
                try:
                    with suppress(*REFUSED):
                        await world.app.dispatcher.answer(call.credential, method.name, arguments | {name: text})
                        if method.name == "account.pause":
                            await everybody.bo(account.resume)
                except rpc.TooMany:
                    break
    assert await world.rows(world.acme, "SELECT count(*) > 1 FROM app.tickets") == ["True"]


@pytest.mark.flaw("Odoo CVE-2024-12368", "GLPI CVE-2024-50339", "Zammad CVE-2025-32360")
@pytest.mark.asvs("V8.2.3", "V15.3.1")
async def test_no_answer_holds_a_secret_or_what_is_said_inside(world: World, everybody: Cast) -> None:
    """All that reads, as everybody: no hash, token or password; and nothing of notes and agents for a requester."""
    kept = await world.rows(
        world.acme,
        "SELECT encode(fingerprint, 'hex') FROM secret.sessions UNION SELECT encode(fingerprint, 'hex') FROM "
        "secret.tokens UNION SELECT encode(fingerprint, 'base64') FROM secret.tokens UNION SELECT hash FROM "
        "secret.verifiers",
    )
    assert len(kept) > 5
    calls = [everybody.bo, everybody.ann, everybody.iris, everybody.cleo, everybody.by_link, everybody.iris_token]
    secrets = {*kept, PASSWORD, *world.acme.tokens.values(), *(call.credential.secret for call in calls)}
    heard = 0
    for call in calls:
        for method in (one for one in OPEN if one.reads or one.name == "tickets.page"):
            for known in (everybody.hers, everybody.his, everybody.noted):
                if call.credential.kind not in method.kinds:
                    continue
                arguments = example_arguments(method, **{**everybody.his, **known, "query": "printer"})
                if "messages" in {each.name for each in method.signature.parameters}:
                    arguments["messages"] = True
                with suppress(rpc.NotFound, rpc.MethodNotFound, rpc.Forbidden, rpc.Invalid):
                    said = await world.app.dispatcher.answer(call.credential, method.name, arguments)
                    text = msgspec.json.encode(said).decode()
                    assert not [secret for secret in secrets if secret in text], method.name
                    if call in (everybody.cleo, everybody.by_link):
                        assert NOTED not in text, method.name
                        assert "@acme.example" not in text, method.name
                    heard += 1
    assert heard > 40


@pytest.mark.flaw("Zammad CVE-2025-32360", "Roundup CVE-2008-1475")
@pytest.mark.asvs("V8.2.3")
async def test_a_requester_is_shown_these_fields(everybody: Cast) -> None:
    """A new field shows here before it shows there."""
    number = everybody.hers["number"]
    await everybody.ann(tickets.reply, number=number, body="Unplug it.")
    request = msgspec.to_builtins(await everybody.cleo(requests.read, number=number))
    listed = msgspec.to_builtins(await everybody.cleo(requests.list))
    assert sorted(request) == [
        "begins_new",
        "created_at",
        "customer",
        "linked",
        "messages",
        "number",
        "own",
        "requester",
        "status",
        "subject",
        "updated_at",
        "zone",
    ]
    inside = ("delivery", "delivery_error", "match_reason")
    assert {(message["kind"], *map(message.get, inside)) for message in request["messages"]} == {
        ("message", "", None, None)
    }
    assert sorted(listed["items"][0]) == ["created_at", "last", "number", "requester", "status", "subject"]
