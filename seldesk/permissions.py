"""Who may what. A permission that is not named here is nobody's."""

from collections.abc import Collection, Mapping

from rpc import Kind

REQUESTER = frozenset({"self", "requests", "attachments"})
# Whoever works here, in whatever role: they come in, and read the tickets within their reach.
WORKER = frozenset({"self", "attachments", "tickets.read"})

# What owners put into roles of their own, in the order in which it is shown. What stands nowhere here no such role can
# hold: `settings` above all, which is to take everything out, to erase and close, to make tokens and roles.
GRANTABLE: Mapping[str, tuple[str, ...]] = {
    "tickets": ("tickets.reply", "tickets.note", "tickets.write"),
    "people": ("settings.people", "settings.teams", "settings.organisations"),
    "helpdesk": (
        *("settings.mailboxes", "settings.saved_replies", "settings.tags"),
        *("settings.branding", "settings.audit"),
    ),
}
_TICKETS = frozenset(GRANTABLE["tickets"])
_GRANTABLE = frozenset[str]().union(*GRANTABLE.values())

AGENT = WORKER | _TICKETS
OWNER = WORKER | _GRANTABLE | {"settings"}

ROLES: Mapping[str, frozenset[str]] = {"requester": REQUESTER, "agent": AGENT, "limited": AGENT, "owner": OWNER}


def grantable(kind: str) -> frozenset[str]:
    """What a role of the owners' own may hold. Who sees some tickets only changes nothing that concerns them all."""
    return {"agent": _GRANTABLE, "limited": _TICKETS}.get(kind, frozenset())


def held(kind: str, granted: Collection[str] | None) -> frozenset[str]:
    """What somebody of this kind may: granted is what stands in their role, None for those that are built in.

    What stands there and cannot be granted, whoever wrote it, is not held.
    """
    if granted is None or kind not in ("agent", "limited"):
        return ROLES[kind]
    return WORKER | grantable(kind).intersection(granted)


# What the operator's own people may, at the console. None of it is a permission of a customer's people.
STAFF_ROLES: Mapping[str, frozenset[str]] = {
    "support": frozenset({"console", "console.access", "console.customers", "console.incidents", "console.mail"}),
    "billing": frozenset({"console", "console.customers", "console.customers.suspend"}),
    "operations": frozenset(
        {
            "console",
            "console.access",
            "console.alerts",
            "console.backups",
            "console.clean_ups",
            "console.clusters",
            "console.clusters.change",
            "console.customers",
            "console.customers.erase",
            "console.customers.operate",
            "console.customers.rotate",
            "console.customers.suspend",
            "console.findings",
            "console.incidents",
            "console.incidents.write",
            "console.jobs",
            "console.jobs.run",
            "console.mail",
            "console.restores",
        }
    ),
    "security": frozenset(
        {
            "console",
            "console.access.approve",
            "console.alerts",
            "console.audit",
            "console.backups",
            "console.clean_ups",
            "console.clusters",
            "console.customers",
            "console.customers.rotate",
            "console.customers.suspend",
            "console.disclosures",
            "console.findings",
            "console.incidents",
            "console.incidents.write",
            "console.jobs",
            "console.security",
            "console.staff",
        }
    ),
}
STAFF = frozenset[str]().union(*STAFF_ROLES.values())

# What programs may can be granted to no person: these names stand in no role.
MACHINES: Mapping[Kind, frozenset[str]] = {
    Kind.MAIL: frozenset({"mail.receive"}),
    Kind.JOB: frozenset({"work"}),
    Kind.COMMAND: frozenset({"operate"}),
}
