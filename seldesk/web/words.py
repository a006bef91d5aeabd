"""How values read on a page: times, sizes, faces, states, changes."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

STATUSES = {"new": "New", "open": "Open", "waiting": "Waiting", "solved": "Solved", "closed": "Closed"}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}
VIEWS = {
    "mine": "My tickets",
    "team": "My team",
    "unassigned": "Unassigned",
    "open": "All unsolved",
    "waiting": "Waiting",
    "solved": "Solved",
    "all": "All tickets",
    "removed": "Spam and deleted",
}
SORTS = {"updated": "Newest change", "created": "Newest ticket", "priority": "Most urgent"}
CHANNELS = {"mail": "by mail", "desk": "by an agent", "portal": "in the portal", "api": "by a program"}
PROGRAMS = {"mail": "A mail", "job": "Seldesk", "command": "The operator"}
# To requesters: who has to do the next step.
PROGRESS = {
    "new": "We are on it",
    "open": "We are on it",
    "waiting": "Waiting for you",
    "solved": "Solved",
    "closed": "Closed",
}
REMOVED = {"spam": "Spam", "deleted": "Deleted"}
# What was done with this ticket and another one, whose number stands between the two.
BESIDE = {
    "linked": ("linked it with", ""),
    "joined": ("merged it into", ""),
    "left": ("took it out of", " again"),
    "merged": ("merged", " into it"),
    "parted": ("took", " out of it again"),
}
PUT_AWAY = {"spam": "marked it as spam", "deleted": "deleted it"}
# What an agent is told by mail, and a line about it.
NOTICES = {
    "assigned": ("somebody gives me a ticket", ""),
    "answered": ("a requester answers", "In my tickets and those I follow"),
    "mentioned": ("a note calls me by name", 'As in @Ann or @"Ann Berg"'),
    "new": ("a ticket comes in that is nobody's", "In my team, or in none"),
}
DELIVERIES = {
    "queued": "On its way",
    "sent": "Sent",
    "failed": "Not delivered",
    "unknown": "Perhaps delivered",
}
MAIL_KINDS = {
    "person": "Written by a person",
    "auto_reply": "An automatic answer",
    "bounce_permanent": "A report that a mail could not be delivered",
    "bounce_temporary": "A report that a mail is late",
    "list": "A mail of a list",
    "loop": "One of our own mails",
}
# Why a mail is part of its ticket; without a reason it opened it.
MATCHES = {
    "": "It opened the ticket",
    "plus_address": "It was sent to the ticket's own address",
    "signed_message_id": "It answers a mail of ours",
    "reference": "It answers a mail in the ticket",
    "subject_number": "Its subject has the ticket's number, and its sender takes part",
}
SECTIONS = {
    "/settings/people": "People",
    "/settings/roles": "Roles",
    "/settings/sign-in": "Signing in",
    "/settings/teams": "Teams",
    "/settings/organisations": "Organisations",
    "/settings/mailboxes": "Mailboxes",
    "/settings/saved-replies": "Saved replies",
    "/settings/tokens": "Tokens",
    "/settings/tags": "Tags",
    "/settings/branding": "Branding",
    "/settings/mail-failures": "Unreadable mail",
    "/settings/backups": "Backups",
    "/settings/export": "Export",
    "/settings/incidents": "Incidents",
    "/settings/audit": "Audit",
    "/settings/staff-access": "Staff access",
    "/settings/account": "Data & account",
}
# What an address says of the form that led to it.
DONE = {
    "saved": "Saved.",
    "deleted": "Deleted.",
    "invited": "The invitation is on its way.",
    "withdrawn": "The invitation is taken back.",
    "signed_out": "They are signed out everywhere.",
    "disabled": "Disabled: all sessions and tokens of theirs are over.",
    "enabled": "They can sign in again.",
    "factors": "Their second factors are removed.",
    "revoked": "Revoked: nothing gets in with it any more.",
}
FACTORS = {"authenticator": "Authenticator", "passkey": "Passkey"}
DEMANDS = {
    "nobody": ("Nobody", "Whoever wants one has one"),
    "owners": ("Owners", "They can change everything, and take all of it away"),
    "workers": ("All who work here", "Agents and owners; not those who ask"),
}
ROLES = {"agent": "Agent", "limited": "Limited agent", "owner": "Owner"}
# What it is called, and the chip's colour.
MEMBER_STATES = {
    "active": ("Active", "open"),
    "invited": ("Invited", "new"),
    "expired": ("Invitation too old", "waiting"),
    "disabled": ("Disabled", "solved"),
}
_MOST_COUNTED = 1000
_URL = re.compile(r"(https?://[^\s<>\"]+)")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_DAY = timedelta(days=1)


def since(time: datetime, now: datetime, zone: ZoneInfo) -> Markup:
    """Short, for lists: 2 min, 3 h, Tue, 14 Nov."""
    past, local = now - time, time.astimezone(zone)
    if past < timedelta(minutes=1):
        short = "now"
    elif past < timedelta(hours=1):
        short = f"{past // timedelta(minutes=1)} min"
    elif past < _DAY:
        short = f"{past // timedelta(hours=1)} h"
    elif past < 6 * _DAY:
        short = f"{local:%a}"
    else:
        short = _date(local, now.astimezone(zone))
    return _time(local, short)


def moment(time: datetime, now: datetime, zone: ZoneInfo) -> Markup:
    """With its hour, for a timeline: Today 09:14, 14 Nov 09:14."""
    local, today = time.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    day = {0: "Today", 1: "Yesterday"}.get(days) or _date(local, today)
    return _time(local, f"{day} {local:%H:%M}")


def day(time: datetime, now: datetime, zone: ZoneInfo) -> Markup:
    """With its year, for what is far: 1 July 2027."""
    local = time.astimezone(zone)
    return _time(local, f"{local.day} {local:%B %Y}")


def place(zone: str) -> str:
    """A time zone as people read it: America/New York."""
    return zone.replace("_", " ")


def _time(local: datetime, text: str) -> Markup:
    full = f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {place(str(local.tzinfo))}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(local.isoformat(), full, text)


def _date(local: datetime, today: datetime) -> str:
    return f"{local.day} {local:%b}" + (f" {local.year}" if local.year != today.year else "")


def paragraphs(text: str) -> Markup:
    """Plain text as HTML, its addresses as links that give nothing away. One pass: a mail may be long."""
    parts = _URL.split(text.strip())
    for at in range(0, len(parts), 2):
        parts[at] = _BLANK_LINES.sub("</p><p>", escape(parts[at]))
    for at in range(1, len(parts), 2):
        parts[at] = _link(parts[at])
    return Markup(f"<p>{''.join(parts)}</p>")  # noqa: S704 - every part is escaped above


def _link(url: str) -> Markup:
    bare = url.rstrip(".,;:!?'*_])}" if "(" not in url else ".,;:!?'*_")
    safe = escape(bare)
    # Markup.format takes ten times as long, and a hostile mail has a hundred thousand of them.
    link = f'<a href="{safe}" rel="nofollow noopener noreferrer" target="_blank">{safe}</a>'
    return Markup(link) + url[len(bare) :]  # noqa: S704 - what is put in is escaped above


def size(count: int) -> str:
    """182 kB, 1.4 MB, 2.3 GB."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{round(count / 1000)} kB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1_000_000_000:.1f} GB"


def initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def tint(name: str) -> int:
    """One of six colours, always the same for the same name."""
    return crc32(name.encode()) % 6


def count(number: int | None) -> str:
    if number is None:
        return ""
    return f"{number:,}" if number < _MOST_COUNTED else f"{_MOST_COUNTED:,}+"


def actor(name: str) -> str:
    """Who did it; programs have the name of their kind."""
    return PROGRAMS.get(name, name)


def change(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], who: str = "") -> str:
    """What an event did, as the rest of a sentence that begins with who did it."""
    match kind:
        case "opened":
            return "opened this ticket"
        case "status":
            return f"set the status from {_state(before)} to {_state(after)}"
        case "priority":
            return f"set the priority from {_urgency(before)} to {_urgency(after)}"
        case "assigned":
            taker = after.get("assignee")
            if taker and taker == who:
                return "took it"
            return f"gave it to {taker}" if taker else f"took it from {before.get('assignee') or 'its assignee'}"
        case "team":
            team = after.get("team")
            return f"gave it to the team {team}" if team else f"took it from the team {before.get('team')}"
        case "subject":
            return f"changed the subject, which was “{before.get('subject', '')}”"
        case "removed":
            return PUT_AWAY.get(after.get("removed") or "", "restored it")
        case "taken_back":
            return "took back a reply before it left"
        case "cc":
            return _copies(before.get("cc", ()), after.get("cc", ()))
        case "tags":
            return _tags(set(before.get("tags", ())), set(after.get("tags", ())))
    return f"{kind}: {json.dumps(dict(after), ensure_ascii=False, default=str)}"


def _state(values: Mapping[str, Any]) -> str:
    return STATUSES.get(values.get("status", ""), "unknown")


def _urgency(values: Mapping[str, Any]) -> str:
    return PRIORITIES.get(values.get("priority", ""), "unknown")


def _copies(before: Sequence[str], after: Sequence[str]) -> str:
    added = ", ".join(one for one in after if one not in before)
    removed = ", ".join(one for one in before if one not in after)
    parts = [f"added {added} to Cc"] if added else []
    return " and ".join([*parts, f"took {removed} off Cc"] if removed else parts) or "left Cc as it was"


def _tags(before: set[str], after: set[str]) -> str:
    added, removed = sorted(after - before), sorted(before - after)
    parts = [f"added {', '.join(added)}"] if added else []
    return " and ".join([*parts, f"removed {', '.join(removed)}"] if removed else parts) or "left the tags as they were"
