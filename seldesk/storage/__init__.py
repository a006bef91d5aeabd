from seldesk.storage.anchors import Anchor, Anchors
from seldesk.storage.archive import Archive
from seldesk.storage.downloads import Downloads, Packed, Packing
from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged, Exists, Locked, Missing, StorageError, StoreFull, StoreUnavailable
from seldesk.storage.files import Files, Harmed
from seldesk.storage.identities import BackupIdentities
from seldesk.storage.inspection import SAID, Expected, Fault, Inspection, named_by_copies
from seldesk.storage.keys import ContentKeys
from seldesk.storage.ledger import Erasure, Ledger
from seldesk.storage.manifest import Forged, Manifest, ManifestKey
from seldesk.storage.masters import InHand, Master, Program
from seldesk.storage.minutes import Measured, Minutes
from seldesk.storage.place import PATIENCE, Place
from seldesk.storage.ring import Ring
from seldesk.storage.sealed import Storage, Stored, Untouched
from seldesk.storage.secrets import Secrets

__all__ = [
    "PATIENCE",
    "SAID",
    "Anchor",
    "Anchors",
    "Archive",
    "BackupIdentities",
    "ContentKeys",
    "Damaged",
    "Downloads",
    "Erasure",
    "Exists",
    "Expected",
    "Fault",
    "Files",
    "Forged",
    "Harmed",
    "InHand",
    "Inspection",
    "Ledger",
    "Locked",
    "Manifest",
    "ManifestKey",
    "Master",
    "Measured",
    "Minutes",
    "Missing",
    "Packed",
    "Packing",
    "Place",
    "Program",
    "Ring",
    "Secrets",
    "Storage",
    "StorageError",
    "StoreFull",
    "StoreUnavailable",
    "Stored",
    "Untouched",
    "named_by_copies",
    "seal",
    "unseal",
]
