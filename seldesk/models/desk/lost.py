"""Files that rows name and that no store has: held against the stores each night."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.draft import DraftFile
from seldesk.models.desk.mail import Mail
from seldesk.surroundings import surroundings

BATCH = 10_000
TOLD = 1000


@dataclass(frozen=True, slots=True)
class _Named:
    id: UUID
    object_id: UUID | None


async def find() -> list[UUID]:
    """Stored objects that are missing in every store, the first thousand of them."""
    around = surroundings()
    # Rows first: a file is stored before its row is written.
    named = {object_id async for object_id in _named()}
    missing = sorted(named - (await around.storage.list(around.customer.id)).keys())[:TOLD]
    # Those that were removed since the rows were read are not missed.
    still = {file.object_id for file in await Attachment.where(Attachment.object_id.in_(missing)).all()}
    return sorted(still | await Mail.naming(missing) | await DraftFile.naming(missing))


async def _named() -> AsyncIterator[UUID]:
    for model in (Attachment, Mail, DraftFile):
        last = UUID(int=0)
        while True:
            rows = model.where(model.id > last).order_by(model.id).limit(BATCH)
            found = await rows.into(_Named, id=model.id, object_id=model.object_id)
            for row in found:
                if row.object_id is not None:
                    yield row.object_id
            if len(found) < BATCH:
                break
            last = found[-1].id
