import re

from seldesk.mail.address import domain_of
from seldesk.mail.parse import SEVERAL_AUTHORS, Mail

_COMMENT = re.compile(r"\([^()]*\)")
_FROM_DOMAIN = re.compile(r"\bheader\.from=\"?([^\s;\"]+)")


def dmarc_passes(mail: Mail, server: str) -> bool:
    """Whether our own mail server says that the sender's domain vouches for this mail.

    server is the name that it writes into Authentication-Results. Only the topmost counts: it was put there last,
    and the server must take away those of that name that came with the mail.
    """
    if mail.sender is None or not server or SEVERAL_AUTHORS in mail.problems:
        return False
    name, _, results = _COMMENT.sub(" ", mail.header("authentication-results") or "").partition(";")
    if name.split()[:1] != [server]:
        return False
    for result in results.lower().split(";"):
        claimed = _FROM_DOMAIN.search(result)
        if result.split()[:1] == ["dmarc=pass"] and claimed:
            return claimed[1].rpartition("@")[2] == domain_of(mail.sender.address)
    return False
