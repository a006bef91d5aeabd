"""New passwords for a customer's roles, or a new content key for what is sealed for it."""

import asyncio

from rpc import Kind
from seldesk.app.budget import Budget
from seldesk.app.build import Application
from seldesk.app.installation import provisioner
from seldesk.jobs.provision import Held
from seldesk.methods.control import rotations
from seldesk.methods.desk import housekeeping
from seldesk.storage import ContentKeys
from seldesk.storage.keys import REMEMBERED

TOLD = 5  # objects that are named
# Everything lies under the new key: what is left to do is to drop the former one.
SEALED = "sealed anew"


async def rotate(app: Application, keys: ContentKeys, held: Held) -> None:
    """What was asked for, as the lease's target says."""
    if held.claim.target == rotations.CONTENT_KEY:
        # Who has the older key in memory seals with it until then, and a call that began before may still write.
        await renew_content_key(app, keys, held, REMEMBERED + app.settings.limits.call_seconds)
    else:
        await _renew_passwords(app, held)


async def _renew_passwords(app: Application, held: Held) -> None:
    """For a moment no new connection opens; calls in between are asked to come again. Repeated, it changes nothing."""
    customer, version = held.claim.customer, held.claim.customer.credentials + 1
    await held.keep()
    makes = provisioner(app.settings, app.fleet.named(customer.cluster), version)
    await makes.rotate(customer.database, connection_limit=Budget.of(app.settings).customer_limit)
    await held.control(rotations.done, customer=customer.id, fence=held.claim.fence, credentials=version)


async def renew_content_key(app: Application, keys: ContentKeys, held: Held, pause: float) -> None:
    """Everybody is served meanwhile. Cut off anywhere it goes on: the key store says how far it was.

    pause -- seconds after which nobody seals with the older version any more
    """
    await held.keep()
    if held.claim.step != SEALED:
        await keys.renew(held.id)
        await held.done("renewed")
        await asyncio.sleep(pause)
        if unopened := await app.storage.reseal(held.id, held.keep):
            some = ", ".join(map(str, unopened[:TOLD]))
            await held.release(f"The former key was kept: {len(unopened)} objects cannot be opened, such as {some}.")
            return
        await app.downloads.reseal(held.id, held.keep)
        await app.program(Kind.JOB, held.claim.customer.slug)(housekeeping.reseal)
        await held.done(SEALED)
        await held.keep()
    await keys.retire(held.id)
    version, _ = (await keys.get(held.id)).sealing
    await held.control(rotations.sealed, customer=held.id, fence=held.claim.fence, content_key=version)
