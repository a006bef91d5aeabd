"""Tries to prove who one is by a password: counted for the account, for the addresses around it, for the helpdesk."""

from datetime import timedelta

from seldesk.caller import Caller
from seldesk.models.desk.limit import Limit
from seldesk.models.limit import Window, block_of

SPAN = timedelta(minutes=15)
PER_ACCOUNT = Window("sign-in account", 10, SPAN)
PER_BLOCK = Window("sign-in block", 100, SPAN)
# Beyond that somebody tries at many accounts from many places. Nobody is shut out for it: each account has fewer tries.
PER_CUSTOMER = Window("sign-in customer", 1000, SPAN)
FEWER = Window(PER_ACCOUNT.name, 3, SPAN)


async def wait(caller: Caller, account: str) -> int:
    """Seconds until the next try; 0 for one that is let in, which is counted before it is looked at: of many at once
    no more get through.
    """
    if seconds := await Limit.wait(PER_BLOCK, block_of(caller.address)):
        return seconds
    window = FEWER if await Limit.wait(PER_CUSTOMER, "") else PER_ACCOUNT
    return 0 if await Limit.take(window, account) else await Limit.wait(window, account)


async def right(account: str) -> None:
    await Limit.forget(PER_ACCOUNT, account)


async def wrong(caller: Caller) -> None:
    """Last of all, and for what many share: else they would wait for each other while passwords are looked at."""
    await Limit.hit(PER_BLOCK, block_of(caller.address))
    await Limit.hit(PER_CUSTOMER, "")
