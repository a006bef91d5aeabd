"""What the passwords of a customer's people are checked against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import orm
from seldesk.models.desk import legacy_hash
from seldesk.models.known_password import refuse_known
from seldesk.models.password import hashed, in_thread, verified
from seldesk.surroundings import surroundings


class Verifier(orm.Model, table="verifiers", schema="secret"):
    """What a password is checked against; the password itself is kept nowhere."""

    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True)
    hash: orm.Column[str] = orm.text()

    @classmethod
    async def put(cls, person: UUID, password: str, names: Iterable[str]) -> None:
        """Invalid for one that is known already, or that is made of these names of its person."""
        customer = surroundings().customer
        await refuse_known(password, (*names, customer.name, customer.slug, "Seldesk"))
        new = await hashed(password)
        await orm.upsert(cls, {"person_id": person, "hash": new}, on=("person_id",), set={"hash": new})

    @classmethod
    async def of(cls, person: UUID) -> "Kept | None":
        found = await _kept().read(person=person)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person's password is checked against."""

    person_id: UUID
    hash: str = field(repr=False)

    async def matches(self, password: str) -> bool:
        """Whether it is this one; a hash of an older cost, or from elsewhere, is replaced on the way."""
        right, better = await verified(password, self.hash) or await _from_elsewhere(password, self.hash)
        if better:
            await Verifier.where(Verifier.person_id == self.person_id).update(hash=better)
        return right


@orm.kept
def _kept() -> orm.Prepared[Kept]:
    theirs = Verifier.where(Verifier.person_id == orm.parameter("person", Verifier.person_id)).limit(1)
    return orm.Prepared(theirs, Kept, person_id=Verifier.person_id, hash=Verifier.hash)


async def _from_elsewhere(password: str, kept: str) -> tuple[bool, str | None]:
    """Whether it is this password's hash, and what it is to be replaced by."""
    right = await in_thread(legacy_hash.verifies, password, kept)
    return right, await hashed(password) if right else None
