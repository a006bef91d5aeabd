"""Where one goes on after signing in, or after a step in between: a page of this host, and nothing else."""

import re

DESK, PORTAL, ACCOUNT = "/desk/tickets", "/", "/account"
LONGEST = 2000
# No scheme, no host, no backslash, no second slash at the start.
_OF_DESK = re.compile(r"/(?:desk|settings)(?:/[\w.~%+-]+)*(?:\?[\w.~%+=&-]*)?", re.ASCII)
_OF_PORTAL = re.compile(r"/(?:tickets/[0-9]{1,10}|requests/new)?", re.ASCII)
_OF_ACCOUNT = re.compile(r"/account(?:/factors/new)?", re.ASCII)


def of_desk(wanted: str) -> str:
    return wanted if len(wanted) <= LONGEST and _OF_DESK.fullmatch(wanted) else DESK


def of_portal(wanted: str) -> str:
    return wanted if wanted and _OF_PORTAL.fullmatch(wanted) else PORTAL


def own(wanted: str) -> str:
    """Of whichever side; the account, where it is none."""
    found = any(len(wanted) <= LONGEST and one.fullmatch(wanted) for one in (_OF_DESK, _OF_PORTAL, _OF_ACCOUNT))
    return wanted if wanted and found else ACCOUNT


def for_role(wanted: str, role: str) -> str:
    """Where somebody of this role belongs."""
    if wanted and _OF_ACCOUNT.fullmatch(wanted):
        return wanted
    return of_portal(wanted) if role == "requester" else of_desk(wanted)
