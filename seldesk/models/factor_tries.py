"""How often the second factor of one account may be tried.

Ten times in fifteen minutes from each place, where strangers together are one place, and each browser, session or
network in which the account is known is another: whoever has learned the password uses up the tries of strangers, and
keeps nobody out of where they were before.

In a day no more than 30 tries of strangers are wrong, 30 from each known place and 90 from all of those together. At
any moment three 6-digit codes of an authenticator are good: the one that it shows, the one before and the one after. So
a day's tries of a stranger find one with 30 * 3 / 10^6 = 0.009 %, a year of them with 3.2 %, and whoever holds the
cookies of known browsers besides with (30 + 90) * 3 / 10^6 = 0.036 % a day. A recovery code is not found at all.
"""

from datetime import timedelta

from seldesk.caller import Caller
from seldesk.models.limit import Counter, Window, apart, block_of

PER_FACTOR = Window("second factor", 10, timedelta(minutes=15))
IN_A_DAY = Window("second factor in a day", 30, timedelta(days=1))
FROM_KNOWN_PLACES = Window("second factor from known places in a day", 90, timedelta(days=1))


async def admit(counter: type[Counter], caller: Caller, account: str, known: str, block: Window) -> int:
    """Seconds to wait before a try; 0 for one that is let in, which is counted before it is looked at."""
    asked = (PER_FACTOR, apart(account, known))
    wait = max(await counter.waits(*_in_a_day(account, known), (block, block_of(caller.address)), asked))
    if not wait and not await counter.take(*asked):
        wait = await counter.wait(*asked)
    return wait


async def right(counter: type[Counter], account: str, known: str) -> None:
    """What was wrong counts for its day all the same: else each right one would be tries for somebody else."""
    await counter.forget(PER_FACTOR, apart(account, known))


async def wrong(counter: type[Counter], account: str, known: str) -> None:
    for window, subject in _in_a_day(account, known):
        await counter.hit(window, subject)


async def anew(counter: type[Counter], account: str) -> None:
    """There is a new password: whoever had the old one has used up no tries."""
    for window in (PER_FACTOR, IN_A_DAY):
        await counter.forget(window, account)


def _in_a_day(account: str, known: str) -> tuple[tuple[Window, str], ...]:
    each = (IN_A_DAY, apart(account, known))
    return (each, (FROM_KNOWN_PLACES, account)) if known else (each,)
