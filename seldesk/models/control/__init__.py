"""The nouns of the operator: customers, what is under way with them, jobs. Never a ticket's text."""

from seldesk.models.control import (
    capacity,
    dossier,
    finding,
    leaving,
    mail_health,
    overview,
    placing,
    pulse,
    queue,
    shelf,
    staff_access,
    staff_proof,
)
from seldesk.models.control.act import Act, Deed
from seldesk.models.control.alert import Alert
from seldesk.models.control.clean_up import CleanUp
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.confirmation import Confirmation
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.download import Download
from seldesk.models.control.erasure import Erasure
from seldesk.models.control.figures import ClusterFigures, CustomerFigures, StoreFigures
from seldesk.models.control.former import Former
from seldesk.models.control.job import Job, Timetable
from seldesk.models.control.lease import Lease
from seldesk.models.control.leaving_person import LeavingPerson
from seldesk.models.control.limit import Limit
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.purge import Purge
from seldesk.models.control.restore import Restore
from seldesk.models.control.shelf import Shelf
from seldesk.models.control.sign_up import Availability, SignUp
from seldesk.models.control.staff import Staff, StaffRole
from seldesk.models.control.staff_event import StaffEvent
from seldesk.models.control.staff_factor import StaffFactor, StaffRecovery, party
from seldesk.models.control.staff_offer import StaffOffer
from seldesk.models.control.staff_session import FRESH, StaffEntry, StaffSession
from seldesk.models.control.wakeup import Wakeup

__all__ = [
    "EXISTING",
    "FRESH",
    "SERVED",
    "Act",
    "Alert",
    "Availability",
    "CleanUp",
    "Cluster",
    "ClusterFigures",
    "Confirmation",
    "Copy",
    "Customer",
    "CustomerFigures",
    "Deed",
    "Download",
    "Erasure",
    "Former",
    "Job",
    "Lease",
    "LeavingPerson",
    "Limit",
    "Outbox",
    "Purge",
    "Restore",
    "Shelf",
    "SignUp",
    "Staff",
    "StaffEntry",
    "StaffEvent",
    "StaffFactor",
    "StaffOffer",
    "StaffRecovery",
    "StaffRole",
    "StaffSession",
    "StoreFigures",
    "Timetable",
    "Wakeup",
    "capacity",
    "dossier",
    "finding",
    "leaving",
    "mail_health",
    "overview",
    "party",
    "placing",
    "pulse",
    "queue",
    "shelf",
    "staff_access",
    "staff_proof",
]
