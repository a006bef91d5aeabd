from seldesk.storage.errors import Damaged, Exists, Locked, Missing, StorageError, StoreUnavailable
from seldesk.storage.identities import BackupIdentities
from seldesk.storage.keys import ContentKeys
from seldesk.storage.masters import InHand, Master, Program
from seldesk.storage.place import Place
from seldesk.storage.sealed import Storage, Stored
from seldesk.storage.secrets import Secrets

__all__ = [
    "BackupIdentities",
    "ContentKeys",
    "Damaged",
    "Exists",
    "InHand",
    "Locked",
    "Master",
    "Missing",
    "Place",
    "Program",
    "Secrets",
    "Storage",
    "StorageError",
    "StoreUnavailable",
    "Stored",
]
