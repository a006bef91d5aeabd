"""Customers' databases on a cluster: the roles, the templates, and what is cloned from them."""

from .catalogue import Finding, check_catalogue
from .cluster import ClusterPasswords, prepare_cluster
from .control import create_control
from .copying import Content, NotCopied, contents, copy, size
from .database import STEPS, AnotherCustomer, Identity, Provisioner
from .names import BACKUP, BASE, CONTROL, FULL, PROVISIONER, Names
from .owning import Owning
from .rolesettings import changed_settings
from .survey import Found, look_into, ownerless_roles, quarantine, quarantined
from .templates import create_templates

__all__ = [
    "BACKUP",
    "BASE",
    "CONTROL",
    "FULL",
    "PROVISIONER",
    "STEPS",
    "AnotherCustomer",
    "ClusterPasswords",
    "Content",
    "Finding",
    "Found",
    "Identity",
    "Names",
    "NotCopied",
    "Owning",
    "Provisioner",
    "changed_settings",
    "check_catalogue",
    "contents",
    "copy",
    "create_control",
    "create_templates",
    "look_into",
    "ownerless_roles",
    "prepare_cluster",
    "quarantine",
    "quarantined",
    "size",
]
