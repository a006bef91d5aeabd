"""The first of the operator's people comes by a command, and leaves by one."""

import pytest

import rpc
from seldesk.methods.console import staff_entry
from tests.acceptance.test_leaving_commands import said
from tests.staff import MARA, stranger
from tests.world import World


@pytest.mark.long
async def test_somebody_is_added_listed_begun_anew_and_disabled(world: World) -> None:
    link = await said(world, "staff", "add", MARA, "--role", "operations", "--role", "billing")
    anybody, first = stranger(world), link.split()[0].rpartition("/")[2]
    assert (await anybody(staff_entry.welcome, token=first)).email == MARA
    assert "address is already in use" in await said(world, "staff", "add", MARA, "--role", "support", status=1)
    shown = await said(world, "staff", "list")
    assert "billing, operations" in shown
    assert "waits for its link" in shown
    second = (await said(world, "staff", "reset-factors", MARA)).split()[0].rpartition("/")[2]
    await said(world, "staff", "disable", MARA)
    assert "disabled" in await said(world, "staff", "list")
    for token in (first, second):
        with pytest.raises(rpc.NotFound):
            await anybody(staff_entry.welcome, token=token)
