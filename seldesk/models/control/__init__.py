"""The nouns of the operator: customers, their wake-ups, jobs. Never a ticket's text."""

from seldesk.models.control.confirmation import Confirmation
from seldesk.models.control.customer import Customer
from seldesk.models.control.job import Job
from seldesk.models.control.limit import Limit
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.sign_up import Availability, SignUp
from seldesk.models.control.wakeup import Wakeup

__all__ = ["Availability", "Confirmation", "Customer", "Job", "Limit", "Outbox", "SignUp", "Wakeup"]
