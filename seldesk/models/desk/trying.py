"""Tries to prove who one is: by a password, counted for the account, for the addresses around it, for the helpdesk; by
a token, counted for the addresses.
"""

from datetime import timedelta
from uuid import UUID

from seldesk.caller import Caller
from seldesk.models import factor_tries
from seldesk.models.desk.limit import Limit
from seldesk.models.limit import Window, apart, block_of
from seldesk.surroundings import surroundings

SPAN = timedelta(minutes=15)
PER_ACCOUNT = Window("sign-in account", 10, SPAN)
PER_BLOCK = Window("sign-in block", 100, SPAN)
# Beyond that somebody tries at many accounts from many places. Nobody is shut out for it: each account has fewer tries.
PER_CUSTOMER = Window("sign-in customer", 1000, SPAN)
FEWER = Window(PER_ACCOUNT.name, 3, SPAN)
# Apart from passwords: a script that goes on with a token that is over must not keep its office from signing in.
TOKENS_PER_BLOCK = Window("token block", 100, SPAN)
ANY_NUMBER = 2**31 - 1


async def wait(caller: Caller, account: str, known: str = "", *, enrolled: bool = False) -> int:
    """Seconds until the next try; 0 for one that is let in, which is counted before it is looked at: of many at once
    no more get through. Whoever comes from where the account is known, a browser or a session, is counted apart, so
    that strangers keep nobody out for longer than they have tried themselves. Where the account has a
    second factor (enrolled) its right passwords are counted apart as well: they make no place known.
    """
    block, customer, rightly = await Limit.waits(
        (PER_BLOCK, block_of(caller.address)), (PER_CUSTOMER, ""), _rightly(account, known, enrolled=enrolled)
    )
    if block or rightly:
        return max(block, rightly)
    window, subject = FEWER if customer else PER_ACCOUNT, apart(account, known)
    return 0 if await Limit.take(window, subject) else await Limit.wait(window, subject)


async def right(account: str, known: str = "", *, enrolled: bool = False) -> None:
    """Counted as well, for an hour: whoever has a password makes no thousands of sessions by it, and keeps nobody
    waiting whose password is looked at.
    """
    await Limit.settle((PER_ACCOUNT, apart(account, known)), _rightly(account, known, enrolled=enrolled))


async def anew(account: str, person: UUID) -> None:
    """There is a new password, and whoever had the old one has used up none of its tries."""
    await Limit.forget(PER_ACCOUNT, account)
    await Limit.forget(*_rightly(account))
    await factor_tries.anew(Limit, str(person))


def _rightly(account: str, known: str = "", *, enrolled: bool = False) -> tuple[Window, str]:
    window = Window("sign-ins of an account", surroundings().rates.sign_ins or ANY_NUMBER, timedelta(hours=1))
    return window, apart(account, known) if enrolled else account


async def wrong(caller: Caller) -> None:
    """Last of all, and for what many share: else they would wait for each other while passwords are looked at."""
    await Limit.hit(PER_BLOCK, block_of(caller.address))
    await Limit.hit(PER_CUSTOMER, "")


async def strange_token(address: str) -> int:
    """A token that nobody has was shown, and is counted: seconds to wait after very many. A right one is let in all the
    same, since no number of tries finds 256 random bits: whoever is kept waiting has none.
    """
    if seconds := await Limit.wait(TOKENS_PER_BLOCK, block_of(address)):
        return seconds
    await Limit.hit(TOKENS_PER_BLOCK, block_of(address))
    return 0
