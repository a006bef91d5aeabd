from seldesk.storage.archive import Archive
from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged, Exists, Locked, Missing, StorageError, StoreFull, StoreUnavailable
from seldesk.storage.identities import BackupIdentities
from seldesk.storage.keys import ContentKeys
from seldesk.storage.ledger import Ledger
from seldesk.storage.manifest import Forged, Manifest, ManifestKey
from seldesk.storage.masters import InHand, Master, Program
from seldesk.storage.place import Place
from seldesk.storage.sealed import Storage, Stored, Untouched
from seldesk.storage.secrets import Secrets

__all__ = [
    "Archive",
    "BackupIdentities",
    "ContentKeys",
    "Damaged",
    "Exists",
    "Forged",
    "InHand",
    "Ledger",
    "Locked",
    "Manifest",
    "ManifestKey",
    "Master",
    "Missing",
    "Place",
    "Program",
    "Secrets",
    "Storage",
    "StorageError",
    "StoreFull",
    "StoreUnavailable",
    "Stored",
    "Untouched",
    "seal",
    "unseal",
]
