"""The settings of Acme, as Bo sees them."""

import struct
import zlib
from dataclasses import replace
from typing import Any

import rpc
from seldesk import offer
from seldesk.methods.control import endings
from seldesk.methods.desk import account, branding, mailboxes, members, organisations, tags, teams, tokens
from seldesk.methods.desk.account import AccountPage, Offer, Termination
from seldesk.methods.desk.branding import BrandingPage
from seldesk.methods.desk.contacts import OrganisationName
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
from seldesk.methods.desk.shapes.people import Issued, Me, Party, TeamName
from seldesk.methods.desk.shapes.tickets import File
from seldesk.methods.desk.tags import TagCount, TagsPage
from seldesk.methods.desk.teams import Team, TeamPage, TeamsPage
from seldesk.methods.desk.tokens import Token, TokensPage
from tests.web.story import ANN, BO, HOSTILE, agents, ago, id_of

PAGES = {
    "people": "/settings/people",
    "person": f"/settings/people/{id_of('m1')}",
    "mailboxes": "/settings/mailboxes",
    "mailbox": f"/settings/mailboxes/{id_of('m1')}?sent",
    "tokens": "/settings/tokens",
    "tags": "/settings/tags",
    "branding": "/settings/branding?saved",
    "teams": "/settings/teams",
    "organisations": "/settings/organisations",
    "organisation": f"/settings/organisations/{id_of('m1')}",
    "team": f"/settings/teams/{id_of('m1')}",
    "account": "/settings/account",
    "return": "/return/a-token",
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
    members.page,
    members.read,
    members.invite,
    members.update,
    members.send_again,
    members.revoke,
    members.disable,
    members.enable,
    mailboxes.page,
    mailboxes.read,
    mailboxes.add,
    mailboxes.update,
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
    account.page,
    account.pause,
    account.resume,
    account.terminate,
    account.offer,
    account.take_back,
    teams.page,
    teams.read,
    teams.create,
    teams.update,
]


def _panel(words: str = "") -> Panel:
    return Panel(words or "Acme Support", Me(BO.id, words or BO.name, words or BO.email, "owner"))


def _people() -> list[Member]:
    return [
        Member(ANN.id, ANN.name, ANN.email, "agent", "active", False, ago(days=90)),
        Member(BO.id, BO.name, BO.email, "owner", "active", False, ago(days=400)),
        Member(id_of("iris"), "Iris Okonkwo-Delacroix", "iris@acme.example", "agent", "invited", True, ago(hours=3)),
        Member(id_of("jan"), "Jan Novák", "jan@acme.example", "agent", "expired", False, ago(days=5)),
        Member(id_of("kim"), "Kim", "kim@acme.example", "owner", "disabled", False, ago(days=700)),
    ]


def _mailboxes() -> list[Mailbox]:
    return [
        Mailbox(id_of("billing"), "billing@acme.localhost", "Acme Billing", "", None),
        Mailbox(id_of("support"), "support@acme.localhost", "Acme Support", "Acme\nYour machines", ago(minutes=2)),
    ]


def _tokens(*items: Token, words: str = "") -> TokensPage:
    offered = ["attachments", "settings", "tickets.read", "tickets.write"]
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


EUROPE = offer.Offer.load().regions["eu"]


def account_page(words: str = "", state: str = "active", *, may_resume: bool = True) -> AccountPage:
    """As it is before the clean-up of July."""
    name, reason = words or "Acme Support", words or "We move house until Friday."
    days = ago(days=-120), ago(days=-29)
    return AccountPage(_panel(words), EUROPE, endings.places(), name, state, reason, may_resume, *days)


def answers() -> dict[str, Any]:
    people = _people()
    return {
        "account.page": account_page(),
        "account.pause": None,
        "account.resume": None,
        "account.terminate": Termination(ago(days=-120)),
        "account.offer": Offer("Acme Support", ago(days=9), ago(days=-120)),
        "account.take_back": None,
        "organisations.page": OrganisationsPage(_panel(), Organisations(_organisations(), "next", None)),
        "organisations.read": OrganisationPage(_panel(), _organisations()[0], agents()),
        "organisations.create": id_of("haddad"),
        "organisations.update": None,
        "organisations.delete": None,
        "members.page": MembersPage(_panel(), Members(people, "next", "previous")),
        "members.read": lambda asked: MemberPage(
            _panel(), next((one for one in people if one.id == asked["person"]), people[2])
        ),
        "members.invite": people[2].id,
        "members.update": None,
        "members.send_again": None,
        "members.revoke": None,
        "members.disable": None,
        "members.enable": None,
        "mailboxes.page": MailboxesPage(_panel(), "acme.localhost", _mailboxes()),
        "mailboxes.read": MailboxPage(_panel(), _mailboxes()[1]),
        "mailboxes.add": id_of("billing"),
        "mailboxes.update": None,
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
        "teams.read": TeamPage(_panel(), _teams()[0], agents()),
        "teams.create": id_of("printers"),
        "teams.update": None,
    }


def empty() -> dict[str, Any]:
    return {
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
    boxes = [Mailbox(id_of(f"b{at}"), f"{long.lower()}{at}@acme.localhost", long, long, ago(days=at)) for at in several]
    keys = [
        Token(id_of(f"k{at}"), f"{long} {at}", crowd[at].name, ["tickets.read"], ago(days=at), None) for at in several
    ]
    domains = [Domain(f"{long.lower()[:60]}{at}.example") for at in range(20)]
    firms = [
        Organisation(id_of(f"o{at}"), f"{long} {at}", at % 2 == 0, 10**6 + at, domains[: at % 5]) for at in several
    ]
    return {
        "members.page": MembersPage(_panel(long), Members(people, "next", "previous")),
        "members.read": MemberPage(_panel(long), people[-3]),
        "mailboxes.page": MailboxesPage(_panel(long), "acme.localhost", boxes),
        "mailboxes.read": MailboxPage(_panel(long), replace(boxes[0], signature=f"{long}\n" * 20)),
        "tokens.page": _tokens(*keys, words=long),
        "tags.page": TagsPage(_panel(long), [TagCount(f"{long[: at % 48]}{at}", 10**at % 10**7) for at in several]),
        "teams.page": TeamsPage(_panel(long), teams),
        "teams.read": TeamPage(_panel(long), teams[-1], crowd),
        "organisations.page": OrganisationsPage(_panel(long), Organisations(firms, "next", "previous")),
        "organisations.read": OrganisationPage(_panel(long), replace(firms[0], domains=domains), crowd),
    }


def hostile() -> dict[str, Any]:
    bad = HOSTILE
    member = Member(id_of("bad"), bad, bad, "agent", "invited", True, ago(days=1))
    return {
        "account.page": account_page(bad, "suspended"),
        "account.offer": Offer(bad, ago(days=9), ago(days=-120)),
        "members.page": MembersPage(_panel(bad), Members([member], bad, bad)),
        "members.read": MemberPage(_panel(bad), member),
        "mailboxes.page": MailboxesPage(_panel(bad), bad, [Mailbox(id_of("bad"), bad, bad, bad, None)]),
        "mailboxes.read": MailboxPage(_panel(bad), Mailbox(id_of("bad"), bad, bad, bad, None)),
        "tokens.page": _tokens(Token(id_of("bad"), bad, bad, [bad], ago(days=1), None), words=bad),
        "tags.page": TagsPage(_panel(bad), [TagCount(bad, 1)]),
        "organisations.page": OrganisationsPage(_panel(bad), Organisations(_organisations(bad), bad, bad)),
        "organisations.read": OrganisationPage(_panel(bad), _organisations(bad)[0], [Party(id_of("bad"), bad, bad)]),
        "branding.page": BrandingPage(_panel(bad), bad, "", False, bad),
        "teams.page": TeamsPage(_panel(bad), [Team(id_of("bad"), bad, [Party(id_of("bad"), bad, bad)])]),
        "teams.read": TeamPage(_panel(bad), Team(id_of("bad"), bad, []), [Party(id_of("bad"), bad, bad)]),
    }
