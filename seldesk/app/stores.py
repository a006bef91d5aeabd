"""The places where sealed objects lie, each with credentials of its own."""

import base64
from collections.abc import Collection
from uuid import UUID

from seldesk.keyring import SIZE, master_key
from seldesk.settings import Access, Settings, SettingsError
from seldesk.storage import PATIENCE, Archive, ManifestKey, Place, named_by_copies


def stores(settings: Settings, *, deleting: bool = False, patience: float = PATIENCE) -> list[Place]:
    """In their order. deleting: by the credentials that may delete, which only the provisioner's process has."""
    return [
        Place.at(address, patience, _options(access, deleting=deleting))
        for address, access in zip(settings.stores, settings.store_accesses, strict=False)
    ]


def archive(settings: Settings, *, deleting: bool = False) -> Archive:
    patience = float(settings.backups.store_seconds)
    return Archive(stores(settings, deleting=deleting, patience=patience), manifest_public(settings))


def manifest_public(settings: Settings) -> bytes:
    """What manifests are checked with: given, or derived where the key that signs them lies."""
    given = settings.secrets.manifest_public
    if not given:
        return ManifestKey(master_key(settings, "manifest")).public
    try:
        key = base64.b64decode(given, validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise SettingsError("secrets.manifest_public must be what `seldesk keys public` says.")
    return key


def separate(settings: Settings) -> str:
    """A sentence when whoever can write to one store could delete in the other, or in that one; "" when not."""
    remote = [one for one in settings.stores if "://" in one]
    if len(remote) < len(settings.stores):
        return "" if settings.development else "A folder has no credentials: stores should be two buckets."
    ids = [one for access in settings.store_accesses[: len(remote)] for one in (access.key_id, access.deleting_key_id)]
    if not all(ids):
        return "Each store needs key_id and deleting_key_id of its own: see [first_store] and [second_store]."
    return "" if len(set(ids)) == len(ids) else "The same key_id stands more than once in the stores' settings."


class Naming:
    """Which stored files are still named by copies. The stores are opened when it is asked the first time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._archive: Archive | None = None

    async def __call__(self, customer: UUID, files: Collection[UUID]) -> set[UUID]:
        if self._archive is None:
            self._archive = archive(self._settings)
        return await named_by_copies(self._archive, customer, files)


def _options(access: Access, *, deleting: bool) -> dict[str, str]:
    """What obstore is told; what is not given it finds in the environment."""
    own = deleting and access.deleting_key_id
    told = {
        "access_key_id": access.deleting_key_id if own else access.key_id,
        "secret_access_key": (access.deleting_secret if own else access.secret).get_secret_value(),
        "endpoint": access.endpoint,
        "region": access.region,
    }
    return {name: value for name, value in told.items() if value}
