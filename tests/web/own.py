"""Second factors and sign-ins of whoever looks, and what Bo demands of all."""

from collections.abc import Mapping
from typing import Any

import rpc
from seldesk.methods.desk import entries, factors, members, signing_in
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.shapes.factors import (
    AccountPage,
    Challenge,
    Enrolled,
    Enrolment,
    FactorRow,
    Proof,
    SignInRow,
    Step,
    WayIn,
)
from seldesk.methods.desk.shapes.people import Me, SignIn
from seldesk.methods.desk.signing_in import SigningInPage
from seldesk.models import second_factor
from tests.web.story import ANN, BO, OMAR, ago, id_of, sessions

PAGES = {
    "step": "/sign-in/factor?next=/desk/tickets",
    "again": "/account/again?next=/settings/tokens",
    "new-factor": "/account/factors/new",
    "signing-in": "/settings/sign-in?saved",
}
OF_REQUESTERS = {"requester-account": "/account?done=added"}
METHODS: list[rpc.Method[..., Any]] = [
    entries.step,
    entries.by_code,
    entries.by_passkey,
    factors.page,
    factors.new,
    factors.add_authenticator,
    factors.add_passkey,
    factors.remove,
    factors.renew_codes,
    factors.challenge,
    factors.prove,
    factors.prove_by_passkey,
    members.reset_factors,
    signing_in.page,
    signing_in.demand,
]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = ["abcd-efgh-jkmn-pqrs", "tuvw-xyz0-2345-6789"] * 5
PARTY = second_factor.Party("acme.localhost", "Acme Support", "http://acme.localhost:8000")
ASKED = second_factor.authentication(PARTY, b"c" * 32, [b"k" * 16])


def way_in(words: str = "") -> WayIn:
    held = [
        FactorRow(id_of("phone"), "authenticator", words or "Phone", ago(days=40), ago(hours=2)),
        FactorRow(id_of("key"), "passkey", words or "Blue key", ago(days=3), None),
    ]
    came = [
        SignInRow(ago(hours=2), "192.0.2.17", "Firefox on Linux", "password", "authenticator", current=True),
        SignInRow(ago(days=3), "2001:db8:1:2:3:4:5:6", "Samsung Internet on Android", "password", "passkey", False),
        SignInRow(ago(days=9), "", "", "link", "", current=False),
    ]
    return WayIn(["assigned", "mentioned"], True, held, 9, came)


def enrolment() -> Enrolment:
    address = second_factor.provisioning(SECRET, ANN.email, PARTY.name)
    asked = second_factor.registration(PARTY, b"c" * 32, ANN.id, ANN.email, [])
    return Enrolment(ANN.email, SECRET, address, asked, demanded=True, first=True)


def _account(_: Mapping[str, Any]) -> AccountPage:
    return AccountPage(Me(OMAR.id, OMAR.name, OMAR.email, "requester"), way_in(), sessions(), demanded=False)


def answers() -> dict[str, Any]:
    return {
        "entries.step": Step(ANN.email, authenticator=True, passkey=ASKED),
        "entries.by_code": SignIn(None),
        "entries.by_passkey": SignIn(None),
        "factors.page": _account,
        "factors.new": enrolment(),
        "factors.add_authenticator": Enrolled(True, CODES),
        "factors.add_passkey": Enrolled(True, CODES),
        "factors.remove": None,
        "factors.renew_codes": Enrolled(True, CODES),
        "factors.challenge": Challenge(ANN.email, factor=True, authenticator=True, passkey=ASKED),
        "factors.prove": Proof(None),
        "factors.prove_by_passkey": Proof(None),
        "members.reset_factors": None,
        "signing_in.page": SigningInPage(
            Panel("Acme Support", Me(BO.id, BO.name, BO.email, "owner")), "owners", False, False
        ),
        "signing_in.demand": None,
    }
