"""Puts stories into the five weeks before now, with the rhythm of weekdays and working hours (UTC)."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from seldesk.demo.story import Mail, Step, Story

WEEKS = timedelta(weeks=5)
OPENS, CLOSES = 7, 17
WAKES, SLEEPS = 5, 22
JUST_NOW = timedelta(minutes=3)

# How long ago a ticket began, in hours, by the status in which it ends.
AGES = {"new": (2, 26), "open": (3, 100), "waiting": (6, 240), "solved": (5, 780), "closed": (320, 810)}
# The newest ones, which nobody has taken yet.
FRESH = ((0.1, 0.4), (0.5, 1.6), (1.2, 4.5))


def placed(stories: tuple[Story, ...], seed: str, now: datetime) -> tuple[Story, ...]:
    """The stories with times, oldest first."""
    random = Random(seed)
    fresh = iter(FRESH)
    out = []
    for story in stories:
        waits = story.status == "new" and not story.opening.automatic
        window = next(fresh, None) if waits else None
        if window:
            ago = sum((step.after for step in story.steps), timedelta(hours=random.uniform(*window)))
            out.append(replace(story, starts=ago))
        else:
            out.append(_placed(story, random, now))
    return tuple(sorted(out, key=lambda story: -story.starts))


def _placed(story: Story, random: Random, now: datetime) -> Story:
    low, high = AGES["solved" if story.opening.automatic else story.status]
    while True:
        begin = now - timedelta(hours=random.uniform(low, high))
        steps = _paced(story.steps, begin, random)
        end = begin + sum((step.after for step in steps), timedelta())
        if random.random() < _likely(begin) and end < now - JUST_NOW:
            return replace(story, steps=steps, starts=now - begin)
        # A ticket that does not fit, as on a Monday morning, began earlier. The weeks end before this does.
        high = min(high * 1.05, WEEKS.total_seconds() / 3600 - 1)


def _likely(at: datetime) -> float:
    """How likely somebody writes then, against a weekday's morning."""
    if not WAKES <= at.hour < SLEEPS:
        return 0.03
    if at.weekday() >= 5:
        return 0.12
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
                at = _awake(at, random)
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


def _awake(at: datetime, random: Random) -> datetime:
    if WAKES <= at.hour < SLEEPS:
        return at
    morning = at.replace(hour=WAKES, minute=0, second=0)
    if at.hour >= SLEEPS:
        morning += timedelta(days=1)
    return morning + timedelta(minutes=random.uniform(20, 200))
