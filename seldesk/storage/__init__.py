from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged, Exists, Locked, Missing, StorageError, StoreFull, StoreUnavailable
from seldesk.storage.identities import BackupIdentities
from seldesk.storage.keys import ContentKeys
from seldesk.storage.ledger import Ledger
from seldesk.storage.masters import InHand, Master, Program
from seldesk.storage.place import Place
from seldesk.storage.ring import Ring
from seldesk.storage.sealed import Storage, Stored
from seldesk.storage.secrets import Secrets

__all__ = [
    "BackupIdentities",
    "ContentKeys",
    "Damaged",
    "Exists",
    "InHand",
    "Ledger",
    "Locked",
    "Master",
    "Missing",
    "Place",
    "Program",
    "Ring",
    "Secrets",
    "Storage",
    "StorageError",
    "StoreFull",
    "StoreUnavailable",
    "Stored",
    "seal",
    "unseal",
]
