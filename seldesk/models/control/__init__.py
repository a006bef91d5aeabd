"""The nouns of the operator: customers, what is under way with them, jobs. Never a ticket's text."""

from seldesk.models.control import leaving
from seldesk.models.control.clean_up import CleanUp
from seldesk.models.control.confirmation import Confirmation
from seldesk.models.control.customer import Customer
from seldesk.models.control.erasure import Erasure
from seldesk.models.control.job import Job
from seldesk.models.control.lease import Lease
from seldesk.models.control.limit import Limit
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.purge import Purge
from seldesk.models.control.sign_up import Availability, SignUp
from seldesk.models.control.wakeup import Wakeup

__all__ = [
    "Availability",
    "CleanUp",
    "Confirmation",
    "Customer",
    "Erasure",
    "Job",
    "Lease",
    "Limit",
    "Outbox",
    "Purge",
    "SignUp",
    "Wakeup",
    "leaving",
]
