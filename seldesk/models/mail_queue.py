"""What the outboxes of customers and of the operator have in common."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import structlog

import orm
from seldesk.surroundings import surroundings

log = structlog.get_logger()
FIRST_PAUSE = timedelta(seconds=30)
PASSED_OVER = 20  # letters of one claim that turn out not to be sent


class MailQueue(orm.Task, abstract=True):
    """Letters that are written when they leave."""

    longest_pause: ClassVar[timedelta]

    @classmethod
    async def letters(cls, limit: int) -> list[dict[str, Any]]:
        """Claim what is due and write it out; nothing when nothing is due that could be sent."""
        around = surroundings()
        for _ in range(PASSED_OVER):
            claimed = await cls.claim(limit, now=around.now, lease=around.lease)
            letters = [letter for one in claimed if (letter := await cls._letter(one)) is not None]
            if letters or not claimed:
                return letters
        return []

    @classmethod
    async def _letter(cls, claimed: orm.Claimed) -> dict[str, Any] | None:
        try:
            async with orm.savepoint():
                written = await cls.written(claimed)
        except (orm.Unavailable, orm.TimedOut, orm.Contended):
            raise
        except Exception as error:
            # One letter that cannot be written must not hold up the others.
            log.exception("outbox.unwritten", letter=str(claimed.id))
            reason = f"It could not be written ({type(error).__name__})."
            await cls.failed(claimed.id, claimed.lease, reason, permanent=False)
            return None
        if written is None:
            # Nothing is kept of an address that nobody here has.
            await cls.where(cls.id == claimed.id).delete()
            return None
        told = {"id": claimed.id, "lease": claimed.lease, "repeated": claimed.repeated, "attempts": claimed.attempts}
        return {**told, **written}

    @classmethod
    async def written(cls, claimed: orm.Claimed) -> Mapping[str, Any] | None:
        """None when there is nobody to write to, or nothing to write about any more."""
        raise NotImplementedError

    @classmethod
    async def failed(cls, task_id: UUID, lease: UUID, reason: str, *, permanent: bool) -> None:
        """Try again later; give up after a while, or at once where it is permanent."""
        raise NotImplementedError

    def pause(self) -> timedelta:
        """Growing, and with a jitter from the id, so that letters that failed together do not come back together."""
        pause: timedelta = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 12), self.longest_pause)
        return pause * (1 + self.id.int % 256 / 512)
