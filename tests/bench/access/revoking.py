"""How long whoever was disabled at one process is still let in at another: by a session, a stream, a token."""

import asyncio
from collections.abc import Awaitable
from time import perf_counter
from uuid import UUID

import rpc
from rpc import Credential, Kind
from seldesk.app.build import Application
from seldesk.methods.desk import members, people, tokens
from tests.bench import load
from tests.bench.operations import request
from tests.bench.place import PASSWORD, Customer, Place, Session, sign_in

OWNER, AGENT = 0, 1
LONGEST = 120.0  # seconds
EVERY = 0.02
CALL = b'{"jsonrpc": "2.0", "id": 1, "method": "tickets.list", "params": {}}'


async def revoking(made: Place, customer: Customer) -> dict[str, float]:
    """Way in -> seconds until it is shut."""
    with made.processes("web") as web:
        ports = [worker.port for worker in web]
        session = await asyncio.to_thread(sign_in, ports[0], customer, AGENT)
        async with made.application() as app:
            owner = await _owner(app, customer)
            command = app.program(Kind.COMMAND, customer.slug)
            token = (await command(tokens.create, email=customer.email(AGENT), name="bench")).secret
            asked = request(customer, session, "GET", "/desk/tickets")
            called = _call(customer, token)
            for wanted in (asked, called):
                if await _status(wanted, ports[1]) != 200:
                    raise RuntimeError("What is to be revoked was not let in before.")
            stream = await _stream(customer, session, ports[1])
            agent = await _id(owner, customer.email(AGENT))
            begin = perf_counter()
            await owner(members.disable, person=agent)
            ways: dict[str, Awaitable[None]] = {
                "session": _shut(asked, ports[1]),
                "stream": _ended(stream),
                "token": _shut(called, ports[1]),
            }
            times = await asyncio.gather(*(_timed(way, begin) for way in ways.values()))
            return dict(zip(ways, times, strict=True))


async def _owner(app: Application, customer: Customer) -> rpc.Call:
    def standing(kind: Kind, secret: str = "") -> rpc.Call:
        credential = Credential(kind=kind, place=customer.slug, secret=secret, address="192.0.2.9")
        return app.dispatcher.calling(credential)

    entered = await standing(Kind.ANONYMOUS)(people.sign_in, email=customer.email(OWNER), password=PASSWORD)
    return standing(Kind.PERSON, entered.token or "")


async def _id(owner: rpc.Call, email: str) -> UUID:
    listed = await owner(members.list)
    return next(one.id for one in listed.items if one.email == email)


def _call(customer: Customer, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Forwarded-Proto": "https"}
    lines = ["POST /rpc HTTP/1.1", f"Host: {customer.host}", f"Content-Length: {len(CALL)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + CALL


async def _status(asked: bytes, port: int) -> int:
    status, _ = await asyncio.to_thread(load.ask, asked, port)
    return status


async def _shut(asked: bytes, port: int) -> None:
    while await _status(asked, port) == 200:  # noqa: ASYNC110 - another process has no event for us
        await asyncio.sleep(EVERY)


async def _stream(customer: Customer, session: Session, port: int) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(customer, session, "GET", "/live"))
    status = (await reader.readline()).split()[1]
    if status != b"200":
        raise RuntimeError(f"/live was answered by {status.decode()}.")
    return reader


async def _ended(reader: asyncio.StreamReader) -> None:
    while line := await reader.readline():
        # The last chunk: the connection itself may stay.
        if line == b"0\r\n":
            return


async def _timed(way: Awaitable[None], begin: float) -> float:
    async with asyncio.timeout(LONGEST):
        await way
    return perf_counter() - begin
