"""The door of mail, when more come than there is room for."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from seldesk.inbound.smtp import MOST_VISITS, Receiver, serve


async def greeted(stack: AsyncExitStack, port: int) -> tuple[bytes, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)
    return await reader.readline(), writer


@pytest.mark.asvs("V15.2.2")
async def test_so_many_hand_over_mail_at_once_and_no_more() -> None:
    server = await serve(Receiver(lambda _: None), "127.0.0.1", 0, "mx.localhost", largest=1000)
    port = server.sockets[0].getsockname()[1]
    async with AsyncExitStack() as stack, asyncio.timeout(20):
        there = [await greeted(stack, port) for _ in range(MOST_VISITS)]
        assert {said[:3] for said, _ in there} == {b"220"}
        said, _ = await greeted(stack, port)
        assert said.startswith(b"421 ")
        there[0][1].close()
        while (await greeted(stack, port))[0][:3] != b"220":  # noqa: ASYNC110 - nobody tells who stands outside
            await asyncio.sleep(0.01)
    server.close()
    await asyncio.sleep(0.05)
