"""The settings of Acme, as Bo sees them."""

import struct
import zlib
from dataclasses import replace
from typing import Any

import rpc
from seldesk.methods.desk import (
    branding,
    mailboxes,
    members,
    tags,
    teams,
    tokens,
)
from seldesk.methods.desk.branding import BrandingPage
from seldesk.methods.desk.exports import Asked
from seldesk.methods.desk.mailboxes import Mailbox, MailboxesPage, MailboxPage
from seldesk.methods.desk.members import Member, MemberPage, Members, MembersPage
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.shapes.people import Issued, Me, Party, TeamName
from seldesk.methods.desk.shapes.tickets import File
from seldesk.methods.desk.tags import TagCount, TagsPage
from seldesk.methods.desk.teams import Team, TeamPage, TeamsPage
from seldesk.methods.desk.tokens import Token, TokensPage
from seldesk.permissions import OWNER
from tests.web import account_pages, audit_pages, guests, organisation_pages, reply_pages, role_pages, shelves, statuses
from tests.web.story import ANN, BO, HOSTILE, agents, ago, id_of

PAGES = {
    "people": "/settings/people",
    "person": f"/settings/people/{id_of('m1')}",
    **role_pages.PAGES,
    **reply_pages.PAGES,
    "mailboxes": "/settings/mailboxes",
    "mailbox": f"/settings/mailboxes/{id_of('m1')}?sent",
    "tokens": "/settings/tokens",
    "tags": "/settings/tags",
    "branding": "/settings/branding?saved",
    "teams": "/settings/teams",
    **organisation_pages.PAGES,
    "team": f"/settings/teams/{id_of('m1')}",
    "backups": "/settings/backups",
    "unsent": "/settings/backups/unsent",
    **audit_pages.PAGES,
    "incidents": "/settings/incidents?asked=yes",
    **account_pages.PAGES,
    **guests.PAGES,
}


def _picture() -> bytes:
    """A small orange square."""
    rows = zlib.compress((b"\0" + b"\xe0\x70\x20" * 32) * 32)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    sealed = [(name + data, len(data)) for name, data in parts]
    chunks = (struct.pack(">I", size) + part + struct.pack(">I", zlib.crc32(part)) for part, size in sealed)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


LOGO = _picture()
METHODS: list[rpc.Method[..., Any]] = [
    *role_pages.METHODS,
    *reply_pages.METHODS,
    members.page,
    members.read,
    members.invite,
    members.update,
    members.send_again,
    members.revoke,
    members.disable,
    members.end_sessions,
    members.enable,
    mailboxes.page,
    mailboxes.read,
    mailboxes.add,
    mailboxes.update,
    mailboxes.delete,
    mailboxes.send_test,
    tokens.page,
    tokens.issue,
    tokens.revoke,
    tags.page,
    tags.rename,
    tags.remove,
    branding.page,
    branding.update,
    branding.logo,
    *shelves.METHODS,
    *statuses.METHODS,
    *guests.METHODS,
    *organisation_pages.METHODS,
    *audit_pages.METHODS,
    *account_pages.METHODS,
    teams.page,
    teams.read,
    teams.create,
    teams.update,
    teams.delete,
]


def _panel(words: str = "") -> Panel:
    return Panel(words or "Acme Support", Me(BO.id, words or BO.name, words or BO.email, "owner", may=OWNER))


def _people() -> list[Member]:
    return [
        Member(ANN.id, ANN.name, ANN.email, "agent", "active", False, True, ago(days=90)),
        Member(BO.id, BO.name, BO.email, "owner", "active", False, True, ago(days=400)),
        Member(
            id_of("iris"), "Iris Okonkwo-Delacroix", "iris@acme.example", "agent", "invited", True, False, ago(hours=3)
        ),
        Member(id_of("jan"), "Jan Novák", "jan@acme.example", "agent", "expired", False, False, ago(days=5)),
        Member(id_of("kim"), "Kim", "kim@acme.example", "owner", "disabled", False, False, ago(days=700)),
    ]


def _mailboxes() -> list[Mailbox]:
    return [
        Mailbox(id_of("billing"), "billing@acme.localhost", "Acme Billing", "", 0, None),
        Mailbox(id_of("support"), "support@acme.localhost", "Acme Support", "Acme\nYour machines", 90, ago(minutes=2)),
    ]


def _tokens(*items: Token, words: str = "") -> TokensPage:
    offered = ["attachments", "settings.tags", "tickets.read", "tickets.write"]
    return TokensPage(_panel(words), offered, list(items), words or None, words or None)


def _teams() -> list[Team]:
    return [Team(id_of("printers"), "Printers", [ANN, BO]), Team(id_of("abroad"), "Customers abroad", [])]


def team_names() -> list[TeamName]:
    return [TeamName(team.id, team.name) for team in _teams()]


def answers() -> dict[str, Any]:
    people = _people()
    return {
        **statuses.answers(_panel()),
        "backups.page": shelves.page(_panel()),
        **role_pages.answers(_panel()),
        **reply_pages.answers(_panel()),
        "backups.ask": None,
        "backups.download": Asked(asked=True),
        **guests.answers(_panel()),
        "sides.ask": Asked(asked=True),
        "sides.remove": None,
        "unsent.page": shelves.held(_panel()),
        "unsent.send": None,
        "unsent.drop": None,
        **audit_pages.answers(_panel()),
        **account_pages.answers(_panel()),
        **organisation_pages.answers(_panel()),
        "members.page": MembersPage(_panel(), Members(people, "next", "previous"), role_pages.OFFERED),
        "members.read": lambda asked: MemberPage(
            _panel(), next((one for one in people if one.id == asked["person"]), people[2]), role_pages.OFFERED
        ),
        "members.invite": people[2].id,
        "members.update": None,
        "members.send_again": None,
        "members.revoke": None,
        "members.disable": None,
        "members.end_sessions": None,
        "members.enable": None,
        "mailboxes.page": MailboxesPage(_panel(), "acme.localhost", _mailboxes()),
        "mailboxes.read": MailboxPage(_panel(), _mailboxes()[1], _mailboxes()[:1]),
        "mailboxes.add": id_of("billing"),
        "mailboxes.update": None,
        "mailboxes.delete": None,
        "mailboxes.send_test": None,
        "tokens.page": _tokens(
            Token(id_of("nightly"), "Nightly export", BO.name, ["tickets.read"], ago(days=40), ago(hours=7)),
            Token(id_of("form"), "Form on the website", ANN.name, ["tickets.read", "tickets.write"], ago(days=2), None),
        ),
        "tokens.issue": Issued("sdt_shown-once"),
        "tokens.revoke": None,
        "tags.page": TagsPage(_panel(), [TagCount("hardware", 1204), TagCount("invoice", 77), TagCount("破損", 1)]),
        "tags.rename": 3,
        "tags.remove": 3,
        "branding.page": BrandingPage(_panel(), "Acme Support", "#ffd500", True, "Acme\nYour machines"),
        "branding.update": None,
        "branding.logo": File("logo", "image/png", LOGO),
        "teams.page": TeamsPage(_panel(), _teams()),
        "teams.read": TeamPage(_panel(), _teams()[0], agents(), 12),
        "teams.create": id_of("printers"),
        "teams.update": None,
        "teams.delete": 12,
    }


def empty() -> dict[str, Any]:
    return {
        "reports.page": statuses.empty(_panel()),
        "backups.page": shelves.empty(_panel()),
        **role_pages.empty(_panel()),
        **reply_pages.empty(_panel()),
        "unsent.page": shelves.held(_panel(), number=0),
        **account_pages.empty(_panel()),
        "staff_access.page": guests.off(_panel()),
        **audit_pages.empty(_panel()),
        "members.page": MembersPage(_panel(), Members(_people()[1:2], None, None)),
        "mailboxes.page": MailboxesPage(_panel(), "acme.localhost", []),
        "tokens.page": _tokens(),
        "tags.page": TagsPage(_panel(), []),
        "teams.page": TeamsPage(_panel(), []),
        "teams.read": TeamPage(_panel(), _teams()[1], agents()),
        **organisation_pages.empty(_panel()),
    }


def full(long: str) -> dict[str, Any]:
    """Lists as long as they get, of people and things with long names."""
    several = range(50)
    crowd = [Party(id_of(f"p{at}"), f"{long[: at * 2]} {at}", f"{long.lower()}{at}@x.example") for at in several]
    kinds = _people()
    people = [
        replace(kinds[at % len(kinds)], id=id_of(f"p{at}"), name=crowd[at].name, email=crowd[at].email)
        for at in several
    ]
    teams = [Team(id_of(f"t{at}"), f"{long} {at}", crowd[:at]) for at in several]
    boxes = [
        Mailbox(id_of(f"b{at}"), f"{long.lower()}{at}@acme.localhost", long, long, at, ago(days=at)) for at in several
    ]
    keys = [
        Token(id_of(f"k{at}"), f"{long} {at}", crowd[at].name, ["tickets.read"], ago(days=at), None) for at in several
    ]
    return {
        "reports.page": statuses.page(_panel(long), long, 50),
        "backups.page": shelves.full(_panel(long)),
        **role_pages.full(_panel(long), long),
        **reply_pages.full(_panel(long), long),
        "unsent.page": shelves.held(_panel(long), long, 48),
        **account_pages.full(_panel(long), long),
        "staff_access.page": guests.page(_panel(long), long),
        "staff_access.read": guests.visit(_panel(long), long),
        **audit_pages.full(_panel(long), long),
        "members.page": MembersPage(_panel(long), Members(people, "next", "previous")),
        "members.read": MemberPage(_panel(long), people[-3]),
        "mailboxes.page": MailboxesPage(_panel(long), "acme.localhost", boxes),
        "mailboxes.read": MailboxPage(_panel(long), replace(boxes[0], signature=f"{long}\n" * 20), boxes[1:]),
        "tokens.page": _tokens(*keys, words=long),
        "tags.page": TagsPage(_panel(long), [TagCount(f"{long[: at % 48]}{at}", 10**at % 10**7) for at in several]),
        "teams.page": TeamsPage(_panel(long), teams),
        "teams.read": TeamPage(_panel(long), teams[-1], crowd, 5001),
        **organisation_pages.full(_panel(long), long, crowd),
    }


def hostile() -> dict[str, Any]:
    bad = HOSTILE
    member = Member(id_of("bad"), bad, bad, "agent", "invited", True, True, ago(days=1))
    return {
        **statuses.answers(_panel(bad), bad),
        "backups.page": shelves.page(_panel(bad), city=bad),
        **role_pages.hostile(_panel(bad), bad),
        **reply_pages.hostile(_panel(bad), bad),
        "unsent.page": shelves.held(_panel(bad), bad),
        **audit_pages.hostile(_panel(bad), bad),
        **account_pages.hostile(_panel(bad), bad),
        "members.page": MembersPage(_panel(bad), Members([member], bad, bad)),
        "members.read": MemberPage(_panel(bad), member),
        "mailboxes.page": MailboxesPage(_panel(bad), bad, [Mailbox(id_of("bad"), bad, bad, bad, 0, None)]),
        "mailboxes.read": MailboxPage(_panel(bad), Mailbox(id_of("bad"), bad, bad, bad, 0, None)),
        "tokens.page": _tokens(Token(id_of("bad"), bad, bad, [bad], ago(days=1), None), words=bad),
        "tags.page": TagsPage(_panel(bad), [TagCount(bad, 1)]),
        **organisation_pages.hostile(_panel(bad), bad),
        "branding.page": BrandingPage(_panel(bad), bad, "", False, bad),
        "teams.page": TeamsPage(_panel(bad), [Team(id_of("bad"), bad, [Party(id_of("bad"), bad, bad)])]),
        "teams.read": TeamPage(_panel(bad), Team(id_of("bad"), bad, []), [Party(id_of("bad"), bad, bad)]),
    }
