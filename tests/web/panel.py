"""The settings of Acme, as Bo sees them."""

import struct
import zlib
from dataclasses import fields, replace
from typing import Any

import rpc
from seldesk import offer
from seldesk.methods.control import endings
from seldesk.methods.control.contacts import Contact
from seldesk.methods.desk import (
    account,
    audits,
    branding,
    contact_person,
    exports,
    links,
    mailboxes,
    members,
    organisations,
    personal_data,
    plans,
    privacy,
    tags,
    teams,
    tokens,
)
from seldesk.methods.desk.account import AccountPage, Offer, Termination
from seldesk.methods.desk.audits import AuditPage, Entry, Line, Verified
from seldesk.methods.desk.branding import BrandingPage
from seldesk.methods.desk.contact_person import Choice, Chosen, ContactPage
from seldesk.methods.desk.contacts import OrganisationName
from seldesk.methods.desk.exports import Asked, Export, ExportPage
from seldesk.methods.desk.mailboxes import Mailbox, MailboxesPage, MailboxPage
from seldesk.methods.desk.members import Member, MemberPage, Members, MembersPage
from seldesk.methods.desk.organisations import (
    Domain,
    Organisation,
    OrganisationPage,
    Organisations,
    OrganisationsPage,
)
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.privacy import Concerned, Erasing, PrivacyPage
from seldesk.methods.desk.shapes.people import Issued, Me, Party, TeamName
from seldesk.methods.desk.shapes.tickets import File
from seldesk.methods.desk.tags import TagCount, TagsPage
from seldesk.methods.desk.teams import Team, TeamPage, TeamsPage
from seldesk.methods.desk.tokens import Token, TokensPage
from seldesk.permissions import OWNER
from tests.web import guests, reply_pages, role_pages, shelves, statuses
from tests.web.story import ANN, BO, HOSTILE, agents, ago, id_of

PAGES = {
    "people": "/settings/people",
    "person": f"/settings/people/{id_of('m1')}",
    **role_pages.PAGES,
    **reply_pages.PAGES,
    "data": f"/settings/people/{id_of('m1')}/data",
    "mailboxes": "/settings/mailboxes",
    "mailbox": f"/settings/mailboxes/{id_of('m1')}?sent",
    "tokens": "/settings/tokens",
    "tags": "/settings/tags",
    "branding": "/settings/branding?saved",
    "teams": "/settings/teams",
    "organisations": "/settings/organisations",
    "organisation": f"/settings/organisations/{id_of('m1')}",
    "team": f"/settings/teams/{id_of('m1')}",
    "backups": "/settings/backups",
    "unsent": "/settings/backups/unsent",
    "export": "/settings/export",
    "audit": "/settings/audit",
    "incidents": "/settings/incidents?asked=yes",
    "account": "/settings/account",
    "contact-person": "/settings/contact",
    "return": "/return/a-token",
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
    organisations.page,
    organisations.read,
    organisations.create,
    organisations.update,
    organisations.delete,
    branding.page,
    branding.update,
    branding.logo,
    *shelves.METHODS,
    *statuses.METHODS,
    *guests.METHODS,
    personal_data.begin,
    personal_data.tickets,
    personal_data.messages,
    personal_data.acts,
    privacy.page,
    privacy.close,
    privacy.take_back,
    privacy.erase,
    audits.page,
    audits.verify,
    audits.begin,
    audits.lines,
    account.page,
    account.pause,
    plans.choose,
    account.resume,
    account.terminate,
    account.offer,
    account.take_back,
    contact_person.page,
    contact_person.choose,
    exports.page,
    exports.ask,
    links.read,
    links.chunk,
    links.withdraw,
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


def _organisations(name: str = "") -> list[Organisation]:
    if name:
        return [Organisation(id_of("bad"), name, True, 1000, [Domain(name)])]
    domains = [Domain("haddad-logistics.example"), Domain("haddad.example")]
    return [
        Organisation(id_of("haddad"), "Haddad Logistics", True, 212, domains),
        Organisation(id_of("mueller"), "Müller & Sons", False, 3, []),
    ]


def organisation_names(name: str = "") -> list[OrganisationName]:
    return [OrganisationName(one.id, one.name) for one in _organisations(name)]


def _concerned(state: Any = "here", words: str = "") -> PrivacyPage:
    name, email = words or ANN.name, words or ANN.email
    erase_at = ago(days=-120)
    person = Concerned(ANN.id, name, email, "agent", state, ago(days=2), erase_at, 1204, 1)
    return PrivacyPage(_panel(words), person, erase_at)


def _entry(number: int, kind: str, method: str, outcome: Any = "done", words: str = "") -> Entry:
    """By Bo, about Ann."""
    bo, ann = words or BO.name, words or ANN.name
    facts = {"by": bo, "address": words or "2001:db8::17", "role": words or "agent, limited"}
    return Entry(
        number, ago(hours=90 - number), kind, method, outcome, "person", BO.id, bo, None, ANN.id, ann, {}, "r", facts
    )


def _audit(*items: Entry, words: str = "") -> AuditPage:
    return AuditPage(_panel(words), list(items), agents(), words or None, words or None)


def _acts() -> list[Entry]:
    return [
        _entry(88, "people", "members.update"),
        _entry(87, "denied", "members.disable", "denied"),
        replace(_entry(86, "sign-in", "people.sign_in", "failed"), actor_id=None, actor=None, actor_kind="anonymous"),
        replace(_entry(85, "tokens", "tokens.create"), actor_id=None, actor=None, actor_kind="command", facts=None),
        replace(_entry(84, "settings", "mailboxes.add"), actor_kind="token", person_id=None, person=None),
        replace(
            _entry(83, "access", "tickets.page", "attempt"), actor_kind="staff", on_behalf_by=id_of("mara"), person=None
        ),
    ]


EUROPE = offer.Offer.load().regions["eu"]


def account_page(
    words: str = "",
    state: str = "active",
    *,
    may_resume: bool = True,
    plan: str = "education",
    stored: int = 3_435_973_836,
    trial_over: bool = False,
) -> AccountPage:
    """As it is before the clean-up of July."""
    name, reason = words or "Acme Support", words or "We move house until Friday."
    days = ago(days=-120), ago(days=-29)
    known = offer.Offer.load().plans
    trial_ends_at = ago(days=-12) if plan == "trial" and not trial_over else None
    return AccountPage(
        _panel(words),
        EUROPE,
        endings.places(),
        name,
        state,
        reason,
        may_resume,
        *days,
        known[plan],
        [one for one in known.values() if one.code not in (plan, "trial")],
        stored,
        trial_ends_at,
        trial_over,
    )


def contact_page(words: str = "") -> ContactPage:
    bo = Choice(id_of("bo"), words or "Bo Lind", "bo@acme.example")
    mira = Choice(id_of("mira"), words or "Mira Sand", "mira@acme.example")
    return ContactPage(_panel(words), Contact(bo.name, bo.email), [bo, mira])


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
        "personal_data.begin": personal_data.Begun(_concerned().person, "key"),
        "personal_data.tickets": [],
        "personal_data.messages": [],
        "personal_data.acts": [],
        "privacy.page": _concerned("left"),
        "privacy.close": ago(days=-120),
        "privacy.take_back": None,
        "privacy.erase": Erasing(begun=True),
        "audits.page": AuditPage(_panel(), _acts(), agents(), "next", None),
        "audits.verify": Verified(88, False, None, ""),
        "audits.begin": "key",
        "audits.lines": lambda asked: [] if asked.get("after") else [_line()],
        "account.page": account_page(),
        "account.pause": None,
        "plans.choose": None,
        "account.resume": None,
        "account.terminate": Termination(ago(days=-120)),
        "account.offer": Offer("Acme Support", ago(days=9), ago(days=-120)),
        "account.take_back": None,
        "contact_person.page": contact_page(),
        "contact_person.choose": Chosen(done=True),
        "exports.page": _exports(),
        "exports.ask": Asked(asked=True),
        "links.read": links.File("acme-2026-03-02-0900.zip", 2, 8, "key"),
        "links.chunk": lambda asked: b"PK-%d" % asked["at"],
        "links.withdraw": None,
        "organisations.page": OrganisationsPage(_panel(), Organisations(_organisations(), "next", None)),
        "organisations.read": OrganisationPage(_panel(), _organisations()[0], agents()),
        "organisations.create": id_of("haddad"),
        "organisations.update": None,
        "organisations.delete": None,
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


def _exports(words: str = "") -> ExportPage:
    """One under way, one to be taken, one whose day is over, one that did not work, and one of the operator's."""
    by, day = words or BO.name, 60 * 24
    rows = [
        ("running", by, 4180, 12_604, 0, False, None),
        ("done", by, 12_604, 12_604, 184_201_733, True, ago(minutes=-day + 70)),
        ("dead", by, 0, 0, 0, False, None),
        ("done", by, 11_020, 11_020, 161_000_222, False, ago(days=6)),
        ("done", "", 0, 0, 160_431_882, False, None),
    ]
    return ExportPage(
        _panel(words),
        [
            Export(id_of(f"e{at}"), state, by, made, total, size, offered, ago(minutes=2 + 70 * at**4), until)
            for at, (state, by, made, total, size, offered, until) in enumerate(rows)
        ],
    )


def _line() -> Line:
    entry = _entry(1, "people", "members.update")
    said = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return Line(**said, id=id_of("entry"), commitment=b"c" * 32, salt=b"s" * 32, hash=b"h" * 32)


def empty() -> dict[str, Any]:
    return {
        "reports.page": statuses.empty(_panel()),
        "backups.page": shelves.empty(_panel()),
        **role_pages.empty(_panel()),
        **reply_pages.empty(_panel()),
        "unsent.page": shelves.held(_panel(), number=0),
        "exports.page": ExportPage(_panel(), []),
        "staff_access.page": guests.off(_panel()),
        "privacy.page": _concerned("erased"),
        "audits.page": _audit(),
        "members.page": MembersPage(_panel(), Members(_people()[1:2], None, None)),
        "mailboxes.page": MailboxesPage(_panel(), "acme.localhost", []),
        "tokens.page": _tokens(),
        "tags.page": TagsPage(_panel(), []),
        "teams.page": TeamsPage(_panel(), []),
        "teams.read": TeamPage(_panel(), _teams()[1], agents()),
        "organisations.page": OrganisationsPage(_panel(), Organisations([], None, None)),
        "organisations.read": OrganisationPage(_panel(), _organisations()[1], []),
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
    domains = [Domain(f"{long.lower()[:60]}{at}.example") for at in range(20)]
    firms = [
        Organisation(id_of(f"o{at}"), f"{long} {at}", at % 2 == 0, 10**6 + at, domains[: at % 5]) for at in several
    ]
    return {
        "reports.page": statuses.page(_panel(long), long, 50),
        "backups.page": shelves.full(_panel(long)),
        **role_pages.full(_panel(long), long),
        **reply_pages.full(_panel(long), long),
        "unsent.page": shelves.held(_panel(long), long, 48),
        "exports.page": _exports(long),
        "staff_access.page": guests.page(_panel(long), long),
        "staff_access.read": guests.visit(_panel(long), long),
        "audits.page": _audit(
            *[_entry(at, "people", "members.update", words=crowd[at].name) for at in several], words=long
        ),
        "members.page": MembersPage(_panel(long), Members(people, "next", "previous")),
        "members.read": MemberPage(_panel(long), people[-3]),
        "mailboxes.page": MailboxesPage(_panel(long), "acme.localhost", boxes),
        "mailboxes.read": MailboxPage(_panel(long), replace(boxes[0], signature=f"{long}\n" * 20), boxes[1:]),
        "tokens.page": _tokens(*keys, words=long),
        "tags.page": TagsPage(_panel(long), [TagCount(f"{long[: at % 48]}{at}", 10**at % 10**7) for at in several]),
        "teams.page": TeamsPage(_panel(long), teams),
        "teams.read": TeamPage(_panel(long), teams[-1], crowd, 5001),
        "organisations.page": OrganisationsPage(_panel(long), Organisations(firms, "next", "previous")),
        "organisations.read": OrganisationPage(_panel(long), replace(firms[0], domains=domains), crowd),
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
        "privacy.page": _concerned("left", bad),
        "audits.page": _audit(_entry(1, bad, bad, words=bad), words=bad),
        "contact_person.page": contact_page(bad),
        "account.page": account_page(bad, "suspended"),
        "exports.page": _exports(bad),
        "account.offer": Offer(bad, ago(days=9), ago(days=-120)),
        "members.page": MembersPage(_panel(bad), Members([member], bad, bad)),
        "members.read": MemberPage(_panel(bad), member),
        "mailboxes.page": MailboxesPage(_panel(bad), bad, [Mailbox(id_of("bad"), bad, bad, bad, 0, None)]),
        "mailboxes.read": MailboxPage(_panel(bad), Mailbox(id_of("bad"), bad, bad, bad, 0, None)),
        "tokens.page": _tokens(Token(id_of("bad"), bad, bad, [bad], ago(days=1), None), words=bad),
        "tags.page": TagsPage(_panel(bad), [TagCount(bad, 1)]),
        "organisations.page": OrganisationsPage(_panel(bad), Organisations(_organisations(bad), bad, bad)),
        "organisations.read": OrganisationPage(_panel(bad), _organisations(bad)[0], [Party(id_of("bad"), bad, bad)]),
        "branding.page": BrandingPage(_panel(bad), bad, "", False, bad),
        "teams.page": TeamsPage(_panel(bad), [Team(id_of("bad"), bad, [Party(id_of("bad"), bad, bad)])]),
        "teams.read": TeamPage(_panel(bad), Team(id_of("bad"), bad, []), [Party(id_of("bad"), bad, bad)]),
    }
