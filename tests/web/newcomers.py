"""What the public site shows on the stage: one sign-up, in each of its moments."""

from typing import Any

import rpc
from seldesk.methods.control import sign_ups
from seldesk.methods.control.sign_ups import Available, Offer, Pending, Progress, Where
from seldesk.offer import Offer as Choices

METHODS: list[rpc.Method[..., Any]] = [
    sign_ups.begin,
    sign_ups.confirm,
    sign_ups.look,
    sign_ups.offer,
    sign_ups.progress,
    sign_ups.read,
    sign_ups.region,
]
TOKEN = "t" * 43
CHOICES = Choices.load()
FREE = Available("nordwind", True, "", None)
TAKEN = Available("nordwind", False, "This address is taken.", "nordwind-desk")
PAGES = {
    "terms": "http://localhost/terms",
    "status": "http://localhost/status",
    "sign-up": "http://localhost/sign-up?plan=free",
    "sign-up-sent": "http://localhost/sign-up/sent?country=AT",
    "sign-up-confirm": f"http://localhost/sign-up/confirm/{TOKEN}",
    "sign-up-progress": "http://localhost/sign-up/progress",
}


def pending(available: Available = FREE) -> Pending:
    return Pending(
        "Nordwind Windkraft und Anlagenbau AG",
        "Nina Nord",
        "nina.nord@nordwind.example",
        "localhost",
        CHOICES.plans["paid"],
        CHOICES.regions["eu"],
        available,
    )


def progress(step: str, *, failed: bool = False, ready: bool = False) -> Progress:
    link = f"http://nordwind.localhost/welcome/{TOKEN}" if ready else None
    address, state = "http://nordwind.localhost", "active" if ready else "provisioning"
    return Progress("nordwind", "Nordwind AG", "nina.nord@nordwind.example", address, state, step, failed, ready, link)


def region(asked: dict[str, Any]) -> object:
    found = CHOICES.region_of(asked["country"], asked.get("region", ""))
    if found is None:
        raise rpc.NotFound
    return Where(found, None)


def answers() -> dict[str, Any]:
    return {
        "sign_ups.offer": Offer(
            "localhost", [*CHOICES.plans.values()], [*CHOICES.countries.values()], [*CHOICES.regions.values()]
        ),
        "sign_ups.region": region,
        "sign_ups.look": lambda asked: FREE if asked["slug"] == "nordwind" else TAKEN,
        "sign_ups.begin": None,
        "sign_ups.read": pending(),
        "sign_ups.confirm": TOKEN,
        "sign_ups.progress": progress("own"),
    }
