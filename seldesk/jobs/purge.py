"""Erases a customer for whom there is no way back, step by step."""

from collections.abc import Awaitable, Callable, Sequence

from seldesk.jobs.provision import Held, Work
from seldesk.methods.control import purges
from seldesk.methods.control.purges import Purge

# What is done, by name: each may be done twice, and again after it was cut off anywhere.
Step = tuple[str, Callable[[Purge], Awaitable[None]]]


def purging(steps: Sequence[Step]) -> Work:
    """The work of the provisioner's process, which alone may drop a database."""

    async def work(held: Held) -> None:
        purge = await held.control(purges.read, customer=held.id)
        for name, act in steps:
            # Who was taken over from while it slept does nothing more.
            await held.keep()
            await act(purge)
            await held.done(name)
        await held.control(purges.finish, customer=held.id, fence=held.claim.fence)

    return work
