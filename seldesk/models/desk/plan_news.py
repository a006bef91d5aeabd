"""What owners are told of their plan."""

from datetime import datetime

from seldesk.models.desk.leaving import owners
from seldesk.models.desk.outbox import TOLD_AFTER, Outbox
from seldesk.surroundings import surroundings


async def tell(news: str, about: datetime) -> None:
    """Mail each of the owners, once for each day that it is about."""
    now = surroundings().now
    for owner in await owners():
        named = {"person": str(owner), "news": news, "about": about.isoformat()}
        key = f"plan:{news}:{about:%Y-%m-%d}:{owner}"
        await Outbox.enqueue("plan", named, now=now, due=now + TOLD_AFTER, key=key)
