import re
from functools import cache
from uuid import UUID

import orm
import rpc
from seldesk.models.unique import written
from seldesk.resources import folder
from seldesk.surroundings import surroundings

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


class DomainTaken(rpc.Conflict):
    """Another organisation has this mail domain already. Take it from there first."""

    code = "domain_taken"


class MailDomain(orm.Model, table="organisation_domains", schema="app"):
    """Whoever has an address of this domain belongs to the organisation."""

    id: orm.Column[UUID] = orm.key()
    domain: orm.Column[str] = orm.text(unique=True)
    organisation_id: orm.Column[UUID] = orm.reference("app.organisations.id", delete="cascade")

    @classmethod
    def owner(cls, address: str) -> orm.Expression:
        """The organisation of who has this address, null for most."""
        return cls.where(cls.domain == address.rpartition("@")[2]).column(cls.organisation_id)

    @classmethod
    async def give(cls, organisation: UUID, domains: list[str]) -> None:
        """Exactly these are the organisation's; in the spelling of `read`."""
        await cls.where(cls.organisation_id == organisation).delete()
        for domain in domains:
            cls.add(domain=domain, organisation_id=organisation)
        await written(DomainTaken)


def read(domains: list[str]) -> list[str]:
    """Their one spelling; Invalid for what is no domain of an organisation."""
    found = list(dict.fromkeys(domain.strip().lower().removeprefix("@") for domain in domains))
    around = surroundings()
    for domain in found:
        if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
            raise _refused(f"“{domain[:60]}” is no mail domain. Write it as in example.org.")
        if domain in _free():
            raise _refused(f"Anybody can have an address at {domain}: it says nothing of where they belong.")
        if domain == around.addresses.mail_domain(around.customer.slug):
            raise _refused(f"{domain} is this helpdesk's own.")
    return found


@cache
def _free() -> frozenset[str]:
    """Those where anybody gets an address."""
    lines = (folder("config") / "free_mail_domains.txt").read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _refused(sentence: str) -> rpc.Invalid:
    return rpc.Invalid(fields={"domains": sentence})
