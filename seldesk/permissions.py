"""Who may what. A permission that is not named here is nobody's."""

from collections.abc import Mapping

from rpc import Kind

REQUESTER = frozenset({"self", "requests", "attachments"})
AGENT = frozenset({"self", "attachments", "tickets.read", "tickets.write"})
OWNER = AGENT | {"settings"}

ROLES: Mapping[str, frozenset[str]] = {"requester": REQUESTER, "agent": AGENT, "limited": AGENT, "owner": OWNER}

# What the operator's own people may, at the console. None of it is a permission of a customer's people.
STAFF_ROLES: Mapping[str, frozenset[str]] = {
    "support": frozenset({"console", "console.customers", "console.mail"}),
    "billing": frozenset({"console", "console.customers", "console.customers.suspend"}),
    "operations": frozenset(
        {
            "console",
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
            "console.jobs",
            "console.jobs.run",
            "console.mail",
            "console.restores",
        }
    ),
    "security": frozenset(
        {
            "console",
            "console.alerts",
            "console.backups",
            "console.clean_ups",
            "console.clusters",
            "console.customers",
            "console.customers.rotate",
            "console.customers.suspend",
            "console.jobs",
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
