"""What a row of somebody else's export may say, beyond the types of its columns: it is shown, sent and counted from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orm
from seldesk.mail.address import domain_of, is_address

PEOPLE, MAILBOXES, MESSAGES = "app.people", "app.mailboxes", "app.messages"
# Times are shown in all zones, and numbers are counted on from: both need some room.
FIRST_YEAR, LAST_YEAR = 1970, 2200
LARGEST_NUMBER = 2_000_000_000


def odd(relation: orm.Relation, row: Mapping[str, Any], mail_domain: str) -> str:
    """Why this row cannot be taken over, as a sentence; "" where nothing speaks against it."""
    for name, value in row.items():
        if isinstance(value, datetime) and not FIRST_YEAR <= value.year < LAST_YEAR:
            return f"{name} is a time that cannot be."
    for counter in relation.counters:
        if not 0 < row[counter] <= LARGEST_NUMBER:
            return f"{counter} is {row[counter]}, behind which no more could follow."
    if relation.name == MAILBOXES and not _own(row["address"], mail_domain):
        return f"a mailbox is an address that ends in @{mail_domain}, in small letters and without a plus sign."
    return ""


def _own(address: str, mail_domain: str) -> bool:
    """Else this customer would write in the name of the one whose address it is."""
    spelt = address == address.strip().lower() and "+" not in address
    return spelt and is_address(address) and domain_of(address) == mail_domain
