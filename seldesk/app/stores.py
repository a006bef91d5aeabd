"""The places where sealed objects lie, each with credentials of its own."""

import base64
from collections.abc import Collection
from itertools import zip_longest
from uuid import UUID

from seldesk.keyring import SIZE, master_key
from seldesk.layers import SettingsError
from seldesk.settings import Settings
from seldesk.storage import PATIENCE, Archive, Ledger, ManifestKey, Place, named_by_copies


def stores(settings: Settings, patience: float = PATIENCE, *, deleting: bool = False) -> list[Place]:
    """Each with credentials of its own: who writes to one of them cannot delete in the other. deleting: by those that
    may delete, where the provisioner's process has others for that.
    """
    secrets = (settings.secrets.deleting if deleting else ()) or settings.secrets.stores
    given = zip_longest(settings.stores, secrets[: len(settings.stores)])
    return [Place.at(place, patience, secret.get_secret_value() if secret else "") for place, secret in given]


def archive(settings: Settings, *, deleting: bool = False) -> Archive:
    patience = float(settings.backups.store_seconds)
    return Archive(stores(settings, patience, deleting=deleting), manifest_public(settings))


def ledger(settings: Settings) -> Ledger:
    return Ledger(stores(settings), manifest_public(settings))


def manifest_key(settings: Settings) -> ManifestKey:
    """What signs. It lies where the provisioner's process runs."""
    return ManifestKey(master_key(settings, "manifest"))


def manifest_public(settings: Settings) -> bytes:
    """What manifests and the ledger are checked with: given, or derived where the key that signs them lies."""
    given = settings.secrets.manifest_public
    if not given:
        return manifest_key(settings).public
    try:
        key = base64.b64decode(given, validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise SettingsError("secrets.manifest_public must be what `seldesk keys public` says.")
    return key


def separate(settings: Settings) -> str:
    """A sentence when whoever can write to one store could delete in the other; "" when nobody could."""
    if not all("://" in one for one in settings.stores):
        return "" if settings.development else "A folder has no credentials: `stores` should be two buckets."
    given = [one.get_secret_value() for one in (*settings.secrets.stores, *settings.secrets.deleting)]
    ids = [one.partition(":")[0] for one in given]
    if len(settings.secrets.stores) < len(settings.stores):
        return "Each store needs credentials of its own: secrets.stores."
    return (
        "" if len(set(ids)) == len(ids) else "The same credentials stand more than once in secrets.stores and deleting."
    )


class Naming:
    """Which stored files are still named by copies. The stores are opened when it is asked the first time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._archive: Archive | None = None

    async def __call__(self, customer: UUID, files: Collection[UUID]) -> set[UUID]:
        if self._archive is None:
            self._archive = archive(self._settings)
        return await named_by_copies(self._archive, customer, files)
