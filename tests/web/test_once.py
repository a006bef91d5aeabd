"""Forms that are sent twice: by a second click, or because an answer was lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest

import orm
import rpc
from rpc import Kind
from seldesk.methods.desk import housekeeping, people, tickets
from tests.web.stage import Stage
from tests.web.visitor import FORM_TOKEN, FROM_OUR_PAGE, Visitor
from tests.world import CLEO, DEVICE, PASSWORD, Desk, World, address

ONCE = re.compile(r'name="once" value="([^"]+)"')
NEW: dict[str, Any] = {"subject": "The printer smokes", "body": "It smokes.", "requester_email": CLEO}


@asynccontextmanager
async def browser(desk: Desk, session: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(desk.app.web())
    async with httpx2.AsyncClient(
        transport=transport, base_url=f"http://{desk.slug}.localhost:8080", cookies={"session": session}
    ) as client:
        yield client


async def session(desk: Desk, name: str) -> str:
    call = desk.calling(Kind.ANONYMOUS, "")
    answer = await call(people.sign_in, email=address(name, desk.slug), password=PASSWORD, device=DEVICE)
    assert answer.token is not None
    return answer.token


async def hidden(client: httpx2.AsyncClient, page: str) -> dict[str, str]:
    """What a form on this page carries."""
    text = (await client.get(page)).text
    found = {"form_token": FORM_TOKEN.search(text), "once": ONCE.search(text)}
    return {name: each[1] for name, each in found.items() if each}


async def sent(client: httpx2.AsyncClient, path: str, fields: dict[str, str]) -> httpx2.Response:
    return await client.post(path, data=fields, headers=FROM_OUR_PAGE)


async def test_a_double_click_opens_one_ticket_and_writes_one_reply_and_one_note(world: World) -> None:
    async with browser(world.acme, await session(world.acme, "ann")) as ann:
        form = await hidden(ann, "/desk/tickets/new") | NEW
        opened = await asyncio.gather(*(sent(ann, "/desk/tickets", form) for _ in range(4)))
        (there,) = {answer.headers["location"] for answer in opened}
        for path, body in (("replies", "Unplug it."), ("notes", "Again.")):
            fields = await hidden(ann, there) | {"body": body}
            answers = await asyncio.gather(*(sent(ann, f"{there}/{path}", fields) for _ in range(3)))
            assert {answer.status_code for answer in answers} == {303}
            assert len({answer.headers["location"] for answer in answers}) == 1
            assert (await sent(ann, f"{there}/{path}", fields)).headers["location"] == answers[0].headers["location"]
    texts = await world.rows(world.acme, "SELECT text FROM app.messages ORDER BY created_at, id")
    assert texts == ["It smokes.", "Unplug it.", "Again."]
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 1


async def test_what_was_changed_since_is_no_repeat_and_can_be_sent_from_the_page_that_says_so(world: World) -> None:
    async with browser(world.acme, await session(world.acme, "ann")) as ann:
        form = await hidden(ann, "/desk/tickets/new") | NEW
        there = (await sent(ann, "/desk/tickets", form)).headers["location"]
        again = await sent(ann, "/desk/tickets", form | {"body": "It burns."})
        assert again.status_code == 422
        assert "This form was sent before with something else in it" in again.text
        assert "It burns." in again.text
        key = ONCE.search(again.text)
        assert key
        assert key[1] != form["once"]
        second = await sent(ann, "/desk/tickets", form | {"body": "It burns.", "once": key[1]})
        assert second.headers["location"] != there


@pytest.mark.parametrize("page", ["/desk/tickets/new", "/desk/tickets/4821", "/requests/new", "/tickets/4821"])
async def test_every_form_that_writes_has_a_key_of_its_own(omar: Visitor, ann: Visitor, page: str) -> None:
    visitor = ann if page.startswith("/desk") else omar
    assert (await hidden(visitor, page))["once"] != (await hidden(visitor, page))["once"]


@pytest.mark.parametrize(
    ("page", "path", "method"),
    [
        ("/requests/new", "/requests", "requests.create"),
        ("/tickets/4821", "/tickets/4821/answers", "requests.answer"),
        ("/desk/tickets/4821", "/desk/tickets/4821/replies", "tickets.reply"),
    ],
)
async def test_a_form_that_failed_comes_back_with_the_same_key(
    stage: Stage, omar: Visitor, ann: Visitor, page: str, path: str, method: str
) -> None:
    visitor = ann if page.startswith("/desk") else omar
    stage.answers[method] = rpc.Unavailable()
    fields = await hidden(visitor, page) | {"body": "B"} | ({"subject": "S"} if page == "/requests/new" else {})
    failed = await sent(visitor, path, fields)
    assert failed.status_code == 503
    assert ONCE.findall(failed.text) == stage.keys == [fields["once"]]


async def test_a_program_that_heard_no_answer_asks_again_and_is_told_the_same(world: World) -> None:
    async with browser(world.acme, "") as client:

        async def ask(name: str, key: str, **params: Any) -> Any:
            answer = await client.post(
                "/rpc",
                json={"jsonrpc": "2.0", "id": 1, "method": "tickets.open", "params": NEW | params},
                headers={"Authorization": f"Bearer {world.acme.tokens[name]}", "Idempotency-Key": key},
            )
            return answer.json()

        first, twin = await asyncio.gather(*(ask("ann", "my-first-ticket") for _ in range(2)))
        assert first == twin == await ask("ann", "my-first-ticket")
        reused = await ask("ann", "my-first-ticket", body="It burns.")
        assert reused["error"]["data"]["code"] == "key_reused"
        assert (await ask("bo", "my-first-ticket"))["result"]["number"] != first["result"]["number"]
        kept = await world.rows(world.acme, "SELECT encode(key || call || answer, 'escape') FROM secret.answered")
        assert len(kept) == 2
        assert "my-first" not in str(kept)
        assert str(first["result"]["id"]) not in str(kept)
        world.clock.set(world.clock.now() + timedelta(hours=25))
        await world.acme.program(Kind.JOB)(housekeeping.tidy)
        assert await world.rows(world.acme, "SELECT 1 FROM secret.answered") == []


async def test_a_key_costs_one_statement(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    for position in range(2):
        with orm.StatementCounter() as opening:
            number = (await ann.once(f"opening-{position}")(tickets.open, **NEW)).number
    with orm.StatementCounter() as reply:
        await ann.once("replying")(tickets.reply, number=number, body="Unplug it.")
    assert opening.count <= 12, opening.statements
    assert reply.count <= 12, reply.statements
