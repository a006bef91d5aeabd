import hmac
from hashlib import sha256
from typing import Self
from uuid import UUID

import orm
from seldesk.models.factor import Factor as AnyFactor
from seldesk.models.factor import RecoveryCode as AnyRecoveryCode
from seldesk.models.offer import Offer
from seldesk.models.second_factor import Party
from seldesk.storage.envelope import version_of
from seldesk.storage.errors import Damaged, Locked
from seldesk.surroundings import surroundings

MOST = 100_000  # authenticators of one customer


class FactorOffer(Offer, table="factor_offers", schema="secret"):
    """What one browser was shown to prove or enrol somebody by."""

    @classmethod
    async def sealed(cls, place: UUID, secret: str) -> bytes:
        around = surroundings()
        return await around.secrets.seal(around.customer.id, _label(place), secret.encode())

    @classmethod
    async def unsealed(cls, place: UUID, content: bytes) -> str | None:
        around = surroundings()
        try:
            return (await around.secrets.open(around.customer.id, _label(place), content)).decode()
        except (Damaged, Locked):
            # As in a copy from before the content key was changed: there are other factors, and recovery codes.
            return None


class Factor(AnyFactor, table="factors", schema="secret"):
    """A second factor of somebody who has a password."""

    offers = FactorOffer

    person_id: orm.Column[UUID] = orm.reference("app.people.id")

    @classmethod
    def party(cls) -> Party:
        around = surroundings()
        host = around.addresses.mail_domain(around.customer.slug)
        return Party(host, around.customer.name, around.addresses.customer(around.customer.slug))

    @classmethod
    async def known(cls, person: UUID) -> bool:
        """Whether they have one."""
        return bool((await _known().read(person=person))["known"])

    @classmethod
    async def stale(cls) -> list[Self]:
        """Those with a secret that lies under an older version of the content key."""
        version = await surroundings().secrets.version(surroundings().customer.id)
        sealed = await cls.where(cls.secret.is_not(None)).order_by(cls.id).lock().limit(MOST).all()
        return [factor for factor in sealed if version_of(factor.secret or b"") != version]

    async def reseal(self) -> bool:
        """Whether it could be opened, and lies under the newest version now."""
        secret = await FactorOffer.unsealed(self.id, self.secret or b"")
        if secret is None:
            return False
        self.secret = await FactorOffer.sealed(self.id, secret)
        return True


@orm.kept
def _known() -> orm.PreparedScalars:
    return orm.PreparedScalars(
        known=orm.exists(Factor.where(Factor.person_id == orm.parameter("person", Factor.person_id)))
    )


class RecoveryCode(AnyRecoveryCode, table="recovery_codes", schema="secret"):
    person_id: orm.Column[UUID] = orm.reference("app.people.id")

    @classmethod
    def key(cls) -> bytes:
        # Of the customer and not of its door: the codes are good in a copy on the side too.
        around = surroundings()
        return hmac.digest(around.signing_key, b"recovery:" + around.customer.id.bytes, sha256)


def _label(place: UUID) -> str:
    return f"authenticator {place}"
