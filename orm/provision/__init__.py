"""Customers' databases on a cluster: the roles, the templates, and what is cloned from them."""

from .anew import OLD, customers_databases, drop_replaced, remark, remark_on, restore_control, rows_in
from .carrying import Carried, carry_over, keep, raise_numbers, weigh
from .catalogue import Finding, check_catalogue
from .cluster import ClusterPasswords, prepare_cluster
from .contents import Content
from .control import control_exists, create_control
from .copying import contents, copy, size
from .database import STEPS, AnotherCustomer, Identity, Provisioner
from .dumping import Snapshot, decode, portable, snapshot
from .fencing import discard, keep_out, let_in, mark
from .filling import Filling, filling
from .names import BACKUP, BASE, CONTROL, FULL, PROVISIONER, Names
from .owning import Overtaken, Owning, forgotten, hand_back, owners_address
from .programs import NotCopied
from .restoring import (
    NotRestored,
    disown,
    held,
    make_readable,
    neutralise,
    restore,
    retire,
    revision,
    swap,
    written_since,
)
from .rolesettings import changed_settings
from .survey import Found, look_into, ownerless_roles, quarantine, quarantined
from .templates import create_templates

__all__ = [
    "BACKUP",
    "BASE",
    "CONTROL",
    "FULL",
    "OLD",
    "PROVISIONER",
    "STEPS",
    "AnotherCustomer",
    "Carried",
    "ClusterPasswords",
    "Content",
    "Filling",
    "Finding",
    "Found",
    "Identity",
    "Names",
    "NotCopied",
    "NotRestored",
    "Overtaken",
    "Owning",
    "Provisioner",
    "Snapshot",
    "carry_over",
    "changed_settings",
    "check_catalogue",
    "contents",
    "control_exists",
    "copy",
    "create_control",
    "create_templates",
    "customers_databases",
    "decode",
    "discard",
    "disown",
    "drop_replaced",
    "filling",
    "forgotten",
    "hand_back",
    "held",
    "keep",
    "keep_out",
    "let_in",
    "look_into",
    "make_readable",
    "mark",
    "neutralise",
    "ownerless_roles",
    "owners_address",
    "portable",
    "prepare_cluster",
    "quarantine",
    "quarantined",
    "raise_numbers",
    "remark",
    "remark_on",
    "restore",
    "restore_control",
    "retire",
    "revision",
    "rows_in",
    "size",
    "snapshot",
    "swap",
    "weigh",
    "written_since",
]
