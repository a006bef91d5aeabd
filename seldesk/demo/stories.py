"""The demo's three customers, their people and their last five weeks."""

from datetime import datetime

from seldesk.demo import (
    acme,
    acme_abroad,
    acme_contracts,
    acme_machines,
    acme_orders,
    globex,
    globex_abroad,
    globex_accounts,
    globex_staff,
    globex_tally,
    initech,
    initech_abroad,
    initech_parcels,
    initech_shop,
)
from seldesk.demo.rhythm import placed
from seldesk.demo.story import Customer


def customers(now: datetime) -> list[Customer]:
    """The customers as they are at `now`, an aware time in UTC: everything has happened before it."""
    # On no paid plan: whoever tries the demo comes in by a password alone, owners too.
    return [
        Customer(
            slug="acme",
            name="Acme Support",
            plan="education",
            country="SE",
            mailbox="support",
            people=acme.PEOPLE,
            tickets=placed(
                acme_machines.TICKETS + acme_abroad.TICKETS + acme_contracts.TICKETS + acme_orders.TICKETS,
                seed="acme",
                now=now,
            ),
            strays=placed(acme_orders.STRAYS, seed="acme strays", now=now),
            lets_staff_in=True,
            saved_replies=acme.SAVED_REPLIES,
        ),
        Customer(
            slug="globex",
            name="Globex Helpdesk",
            plan="free",
            country="NL",
            mailbox="help",
            people=globex.PEOPLE,
            tickets=placed(
                globex_tally.TICKETS + globex_abroad.TICKETS + globex_accounts.TICKETS + globex_staff.TICKETS,
                seed="globex",
                now=now,
            ),
            strays=placed(globex_tally.STRAYS, seed="globex strays", now=now),
        ),
        Customer(
            slug="initech",
            name="Initech Service",
            plan="trial",
            country="IE",
            mailbox="service",
            people=initech.PEOPLE,
            tickets=placed(
                initech_parcels.TICKETS + initech_abroad.TICKETS + initech_shop.TICKETS,
                seed="initech",
                now=now,
            ),
            strays=placed(initech_shop.STRAYS, seed="initech strays", now=now),
        ),
    ]
