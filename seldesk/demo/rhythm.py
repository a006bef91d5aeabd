"""Puts stories into the five weeks before now, with the rhythm of weekdays and working hours (UTC)."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - the demo is the same each time; no secret hangs on it

from seldesk.demo.story import Mail, Step, Story

WEEKS = timedelta(weeks=5)
OPENS, CLOSES = 7, 17
WAKES, SLEEPS = 5, 22
# Who would answer at a weekend after some hours mostly does so on Monday.
SAME_DAY, AT_REST = timedelta(hours=6), 0.85
JUST_NOW = timedelta(minutes=3)

# How long ago a ticket began, in hours, by the status in which it ends.
AGES = {
    "new": (2.0, 26.0),
    "open": (3.0, 100.0),
    "waiting": (6.0, 240.0),
    "solved": (5.0, 780.0),
    "closed": (320.0, 810.0),
}
# The newest ones, which nobody has taken yet.
FRESH = ((0.1, 0.4), (0.5, 1.6), (1.2, 4.5))


def placed(stories: tuple[Story, ...], seed: str, now: datetime) -> tuple[Story, ...]:
    """The stories with times, oldest first."""
    random = Random(seed)  # noqa: S311 - see above
    fresh = iter(FRESH)
    out = []
    for story in stories:
        waits = story.status == "new" and not story.opening.automatic
        window = next(fresh, None) if waits else None
        if window:
            since = timedelta(hours=random.uniform(*window))
            ago = sum((step.after for step in story.steps), since)
            out.append(replace(story, starts=ago))
        else:
            out.append(_placed(story, random, now))
    return tuple(sorted(out, key=lambda story: -story.starts))


def _placed(story: Story, random: Random, now: datetime) -> Story:
    low, high = _age(story)
    while True:
        begin = now - timedelta(hours=random.uniform(low, high))
        steps = _paced(story.steps, begin, random)
        end = begin + sum((step.after for step in steps), timedelta())
        if end >= now - JUST_NOW:
            # What does not fit, as on a Monday morning, began earlier; five weeks are longer than any story.
            high = min(high * 1.05, WEEKS.total_seconds() / 3600 - 1)
        elif random.random() < _likely(begin):
            return replace(story, steps=steps, starts=now - begin)


def _age(story: Story) -> tuple[float, float]:
    if story.days:
        return 24 * story.days[0], 24 * story.days[1]
    return AGES["solved" if story.opening.automatic else story.status]


def _likely(at: datetime) -> float:
    """How likely somebody writes then, against a weekday's morning."""
    if not WAKES <= at.hour < SLEEPS:
        return 0.03
    if at.weekday() >= 5:
        return 0.07
    return 1.0 if OPENS <= at.hour < CLOSES else 0.25


def _paced(steps: tuple[Step, ...], begin: datetime, random: Random) -> tuple[Step, ...]:
    """The steps, those of people moved to when people are awake or at work."""
    at, out = begin, []
    for step in steps:
        before = at
        at += step.after * random.uniform(0.8, 1.25)
        if step is not steps[0]:
            if not isinstance(step, Mail):
                at = _at_work(at, random)
            elif not step.automatic:
                at = _awake(at, at - before, random)
        out.append(replace(step, after=at - before))
    return tuple(out)


def _at_work(at: datetime, random: Random) -> datetime:
    if at.weekday() < 5 and OPENS <= at.hour < CLOSES:
        return at
    morning = at.replace(hour=OPENS, minute=0, second=0)
    if at.hour >= OPENS:
        morning += timedelta(days=1)
    while morning.weekday() >= 5:
        morning += timedelta(days=1)
    return morning + timedelta(minutes=random.uniform(2, 50))


def _awake(at: datetime, waited: timedelta, random: Random) -> datetime:
    if at.weekday() >= 5 and waited > SAME_DAY and random.random() < AT_REST:
        return _at_work(at, random)
    if WAKES <= at.hour < SLEEPS:
        return at
    morning = at.replace(hour=WAKES, minute=0, second=0)
    if at.hour >= SLEEPS:
        morning += timedelta(days=1)
    return morning + timedelta(minutes=random.uniform(20, 200))
