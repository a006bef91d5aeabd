from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged, Exists, Locked, Missing, StorageError, StoreFull, StoreUnavailable
from seldesk.storage.keys import ContentKeys
from seldesk.storage.place import Place
from seldesk.storage.sealed import Storage, Stored
from seldesk.storage.secrets import Secrets

__all__ = [
    "ContentKeys",
    "Damaged",
    "Exists",
    "Locked",
    "Missing",
    "Place",
    "Secrets",
    "Storage",
    "StorageError",
    "StoreFull",
    "StoreUnavailable",
    "Stored",
    "seal",
    "unseal",
]
