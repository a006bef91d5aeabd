"""What a process knows of the customers is read by what has changed, and all of it only where nobody can say that."""

import asyncio
from uuid import UUID

from orm import StatementCounter
from rpc import Kind
from seldesk.app.pages import listen
from seldesk.methods.control import endings
from tests.faults import until
from tests.incidents import crowd
from tests.world import World

NUMBER = 300
ROWS = 10


async def test_who_has_changed_is_read_alone_and_all_are_read_only_where_something_has(world: World) -> None:
    app, suspend = world.app, "UPDATE control.customers SET state = 'suspended' WHERE slug = 'c0007' RETURNING id"
    await crowd(world, NUMBER)
    with StatementCounter() as counter:
        await app.reading.changed()
    assert counter.rows > NUMBER
    (one,) = await world.control_rows(suspend)
    with StatementCounter() as counter:
        await app.reading.one(UUID(one))
    assert counter.rows <= ROWS
    found = app.directory.find("c0007")
    assert found is not None
    assert (found.state, len(app.directory.active())) == ("suspended", NUMBER + 1)
    await app.reading.changed()
    with StatementCounter() as counter:
        await app.reading.changed()
    assert counter.rows <= ROWS
    await world.control_rows("DELETE FROM control.customers WHERE slug = 'c0007' RETURNING 1")
    await app.reading.one(UUID(one))
    assert (app.directory.find("c0007"), app.mail("c0007.localhost")) == (None, None)
    assert app.directory.find("c0008") is not None


async def test_every_process_hears_which_customer_has_changed(world: World) -> None:
    app = world.app
    await crowd(world, NUMBER)
    await app.refresh()
    heard = asyncio.Event()
    listening = asyncio.create_task(listen(app, refreshed=heard.set))
    try:
        await heard.wait()
        with StatementCounter() as counter:
            await app.program(Kind.COMMAND)(endings.suspend, slug="c0009", reason="unpaid since May")
            await until(lambda: _is(world, "suspended"))
        assert counter.rows <= 2 * ROWS, counter.statements
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _is(world: World, state: str) -> bool:
    found = world.app.directory.find("c0009")
    return found is not None and found.state == state
