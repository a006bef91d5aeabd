"""Who may what. A permission that is not named here is nobody's."""

from collections.abc import Mapping

from rpc import Kind

REQUESTER = frozenset({"self", "requests", "attachments"})
AGENT = frozenset({"self", "attachments", "tickets.read", "tickets.write"})
OWNER = AGENT | {"settings"}

ROLES: Mapping[str, frozenset[str]] = {"requester": REQUESTER, "agent": AGENT, "limited": AGENT, "owner": OWNER}

# What programs may can be granted to no person: these names stand in no role.
MACHINES: Mapping[Kind, frozenset[str]] = {
    Kind.MAIL: frozenset({"mail.receive"}),
    Kind.JOB: frozenset({"work"}),
    Kind.COMMAND: frozenset({"operate"}),
}
