"""One's own second factors; who must have one; what matters needs a fresh proof."""

import json
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from inspect import signature

import pytest

import rpc
from rpc import Kind
from rpc.testing import example_arguments
from seldesk.errors import FactorNeeded, ProofNeeded
from seldesk.methods import PUBLIC
from seldesk.methods.desk import audits, entries, factors, live, members, people, profile, signing_in, tickets, tokens
from seldesk.methods.desk.factors import PasswordFirst
from seldesk.methods.proofs import ENROLLING, MATTERS, WITH_PASSWORD
from seldesk.methods.recording import AUDITED
from seldesk.models.factor import LastFactor
from tests.access import told, told_at
from tests.mailed import cleo_writes, mailed, signed_in
from tests.phone import begun, enrolled, stranger
from tests.world import DEVICE, PASSWORD, World, address

ANN = address("ann", "acme")
LATER = timedelta(minutes=5, seconds=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def person(bo: rpc.Call, name: str) -> members.Member:
    return next(one for one in (await bo(members.list)).items if one.name == name)


@pytest.mark.asvs("V6.3.3")
async def test_factors_are_named_listed_and_removed_and_the_last_one_may_go(world: World) -> None:
    elsewhere, ann = await world.acme.signed_in("ann"), await enrolled(world, "ann")
    with pytest.raises(rpc.Unauthenticated):
        await elsewhere(tickets.queue)  # It came in without.
    own = (await ann.call(profile.page)).own
    assert [(one.kind, one.name) for one in own.factors] == [("authenticator", "Phone")]
    assert own.codes_left == 10
    await ann.call(factors.remove, factor=own.factors[0].id)
    assert (await ann.call(profile.page)).own.codes_left == 0
    with pytest.raises(rpc.Conflict):
        await ann.call(factors.renew_codes)
    with pytest.raises(rpc.NotFound):
        await ann.call(factors.remove, factor=own.factors[0].id)
    assert (await begun(world, "ann")).token is not None
    for code in ("000000", "", "x" * 41):
        shown = await ann.call(factors.new)
        with suppress(rpc.Invalid):
            assert not (await ann.call(factors.add_authenticator, code=code)).added
        assert shown.secret


async def test_who_has_no_password_sets_one_first(world: World) -> None:
    await cleo_writes(world)
    cleo = await signed_in(world)
    with pytest.raises(PasswordFirst):
        await cleo(factors.new)
    assert not (await cleo(factors.page)).own.has_password


@pytest.mark.flaw("Frappe CVE-2020-27508", "Zammad CVE-2024-55578", "GLPI CVE-2024-50339", "Odoo CVE-2024-12368")
async def test_a_secret_is_shown_once_and_lies_nowhere_that_it_can_be_read(world: World) -> None:
    ann = await enrolled(world, "ann")
    entered = await ann.begun()
    another = await ann.call(factors.new)
    for answer in (
        entered,
        await stranger(world)(entries.step, secret=entered.entry or ""),
        await ann.call(profile.page),
        await ann.call(factors.page),
        await ann.call(factors.challenge),
    ):
        assert ann.secret not in repr(answer)
        assert ann.secret.encode() not in rpc_bytes(answer)
        assert not any(code.encode() in rpc_bytes(answer) for code in ann.codes)
    assert another.secret != ann.secret
    kept = ""
    query = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'log', 'secret')"
    for table in await world.rows(world.acme, query):
        kept += "\n".join(await world.rows(world.acme, f"SELECT t::text FROM {table} t"))  # noqa: S608 - ours
    assert ANN in kept
    for secret in (ann.secret, another.secret, entered.entry or "", DEVICE, PASSWORD, *ann.codes):
        for form in (secret, secret.replace("-", ""), secret.encode().hex()):
            assert form not in kept


def rpc_bytes(answer: object) -> bytes:
    return json.dumps(repr(answer)).encode()


def test_what_needs_a_proof_is_a_method_of_people_that_writes() -> None:
    named = {method.name: method for method in PUBLIC}
    for name in MATTERS | WITH_PASSWORD | ENROLLING:
        assert named[name].kinds == {Kind.PERSON}, "a token proves nothing"
        assert not named[name].reads or name in AUDITED, "what is taken out is written down"
    changes = ("factors.", "tokens.", "signing_in.")
    written = {name for name, method in named.items() if name.startswith(changes) and not method.reads}
    assert written - MATTERS == {
        "factors.challenge",
        "factors.prove",
        "factors.prove_by_passkey",
        "tokens.create",
        "tokens.revoke",
    }
    people = {name: method for name, method in named.items() if method.realm == "desk" and Kind.PERSON in method.kinds}
    asking = {
        name for name, method in people.items() if {"password", "current"} & signature(method.body).parameters.keys()
    }
    assert asking - WITH_PASSWORD == {"factors.prove"}, "who has a second factor would get by with the password"


@pytest.mark.asvs("V7.2.4", "V7.5.1")
@pytest.mark.flaw("Zammad CVE-2025-32359")
async def test_what_matters_is_refused_without_a_fresh_proof(world: World) -> None:
    bo = await enrolled(world, "bo")
    ann = await person(bo.call, "Ann")
    world.clock.move(LATER)
    named = {method.name: method for method in PUBLIC}
    before = await world.rows(world.acme, "SELECT f::text FROM secret.factors f")
    for name in sorted(MATTERS | WITH_PASSWORD):
        arguments = example_arguments(named[name])
        with pytest.raises(ProofNeeded) as refused:
            await world.app.dispatcher.answer(bo.call.credential, name, arguments)
        assert (refused.value.status, refused.value.code) == (403, "reauth_required")
    for change in (
        bo.call(members.update, person=ann.id, role="owner"),
        bo.call(members.invite, email="x@acme.example", name="X", role="owner"),
    ):
        with pytest.raises(ProofNeeded):
            await change
    await bo.call(members.update, person=ann.id, name="Ann")
    assert await world.rows(world.acme, "SELECT f::text FROM secret.factors f") == before
    # The password alone proves nothing of somebody who has a second factor, and a proof gives a new secret.
    assert (await bo.call(factors.prove, password=PASSWORD)).token is None
    assert (await bo.call(factors.prove, password="wrong horse", code=bo.code())).token is None
    proof = await bo.call(factors.prove, password=PASSWORD, code=bo.code())
    with pytest.raises(rpc.Unauthenticated):
        await bo.call(tickets.queue)
    again = world.acme.calling(Kind.PERSON, proof.token or "")
    await again(tokens.issue, name="script", scopes=["tickets.read"])
    await again(members.update, person=ann.id, role="owner")


async def test_who_has_no_second_factor_proves_by_the_password(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    world.clock.move(LATER)
    with pytest.raises(ProofNeeded):
        await bo(factors.new)
    assert (await bo(factors.prove, password="wrong horse")).token is None
    proof = await bo(factors.prove, password=PASSWORD)
    await world.acme.calling(Kind.PERSON, proof.token or "")(factors.new)


@pytest.mark.asvs("V6.3.3")
async def test_where_it_is_compulsory_a_session_without_leads_to_enrolling_alone(world: World) -> None:
    """Every method that a person may call, for an owner who has no second factor yet."""
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    opened = (await ann(live.open)).session
    await bo(signing_in.demand, second_factor="workers")
    tried = 0
    for method in PUBLIC:
        if method.realm == "desk" and Kind.PERSON in method.kinds and method.name not in ENROLLING:
            with pytest.raises(FactorNeeded) as refused:
                await world.app.dispatcher.answer(bo.credential, method.name, example_arguments(method))
            assert (refused.value.status, refused.value.code) == (403, "factor_required")
            tried += 1
    assert tried > 50
    with pytest.raises(FactorNeeded):
        await ann(tickets.queue)
    audience = await world.acme.program(Kind.JOB)(live.audience, sessions=[opened], tickets=[], people=[])
    assert audience.listeners == [], "open pages hear nothing more"
    phone = await enrolled(world, "bo", bo)
    page = await phone.call(signing_in.page)
    assert (page.second_factor, page.enrolled) == ("workers", True)
    with pytest.raises(LastFactor):
        await phone.call(factors.remove, factor=(await phone.call(profile.page)).own.factors[0].id)
    # Requesters are not concerned, and with "owners" agents are not either.
    await cleo_writes(world)
    await (await signed_in(world))(factors.page)
    await phone.call(signing_in.demand, second_factor="owners")
    await ann(tickets.queue)
    await ann(people.sign_out)


@pytest.mark.asvs("V6.3.3")
async def test_owners_of_a_paid_plan_need_one_whatever_is_chosen(world: World) -> None:
    await world.control_rows("UPDATE control.customers SET plan = 'paid' RETURNING 1")
    await world.app.refresh()
    bo = await world.acme.signed_in("bo")
    with pytest.raises(FactorNeeded):
        await bo(signing_in.page)
    phone = await enrolled(world, "bo", bo)
    assert (await phone.call(signing_in.page)).by_plan
    await (await world.acme.signed_in("ann"))(tickets.queue)


@pytest.mark.asvs("V7.4.1", "V7.4.2", "V7.4.3", "V7.4.5")
@pytest.mark.parametrize(
    "act", ["disabled", "password", "removed", "reset", "recovered by the operator", "ended by an owner"]
)
async def test_what_is_taken_away_ends_sessions_streams_tokens_and_ways_in(world: World, act: str) -> None:
    bo, ann = await world.acme.signed_in("bo"), await enrolled(world, "ann")
    world.clock.move(timedelta(seconds=30))
    other = ann.with_session(await ann.sign_in(ann.code()))
    script, entered = world.acme.by_token("ann"), (await ann.begun()).entry or ""
    stream = (await other(live.open)).session
    known = await person(bo, "Ann")
    await script(tickets.list)
    match act:
        case "disabled":
            await bo(members.disable, person=known.id)
        case "password":
            changed = await ann.call(profile.change_password, current=PASSWORD, password="another horse battery")
            ann.call = world.acme.calling(Kind.PERSON, changed.token or "")
        case "removed":
            await ann.call(factors.remove, factor=(await ann.call(profile.page)).own.factors[0].id)
        case "ended by an owner":
            await bo(members.end_sessions, person=known.id)
        case "reset":
            assert known.enrolled
            await bo(members.reset_factors, person=known.id)
        case _:
            await world.acme.program(Kind.COMMAND)(people.reset_factors, email=ANN)
    for call in (other, script):
        with pytest.raises(rpc.Unauthenticated):
            await call(tickets.list)
    audience = await world.acme.program(Kind.JOB)(live.audience, sessions=[stream], tickets=[], people=[])
    assert audience.listeners == []
    with pytest.raises(rpc.NotFound):
        await stranger(world)(entries.by_code, secret=entered, code=ann.code(1))
    if act in ("password", "removed"):
        await ann.call(tickets.queue)  # Whoever did it goes on.


async def test_an_owner_resets_the_factors_of_another_who_is_told(world: World) -> None:
    bo, ann = await world.acme.signed_in("bo"), await enrolled(world, "ann")
    known = await person(bo, "Ann")
    for call in (ann.call, await world.acme.signed_in("bo")):
        with pytest.raises((rpc.Forbidden, rpc.Conflict)):
            await call(members.reset_factors, person=(await person(bo, "Bo")).id)
    await bo(members.reset_factors, person=known.id)
    with pytest.raises(rpc.Conflict):
        await bo(members.reset_factors, person=known.id)
    assert (await begun(world, "ann")).token is not None
    await world.deliver(world.acme)
    letters = [message_from_bytes(one.raw, policy=policy.default) for one in world.relay.sent]
    told = [letter["Subject"] for letter in letters if letter["To"] and ANN in str(letter["To"])]
    assert told == ["A second factor was added", "Your second factors were removed"]
    newest = (await bo(audits.page)).items
    assert [one.method for one in newest if one.person == "Ann" and one.actor == "Bo"] == ["members.reset_factors"]


@pytest.mark.asvs("V6.3.5")
async def test_people_whom_a_command_adds_and_factors_that_it_removes_are_told_to_the_customer(world: World) -> None:
    """Or a command on the machine would be a way in without a trace that anybody reads."""
    await told_at(world, "board@acme.example")
    await enrolled(world, "ann")
    command = world.acme.program(Kind.COMMAND)
    issued = await command(people.invite, email="ida@acme.example", name="Ida", role="owner")
    assert await command(people.reset_factors, email=ANN) == 1
    primary, bo = await told(world, "board@acme.example"), await world.acme.signed_in("bo")
    for words in ("Seldesk has added somebody to acme", "Seldesk has removed second factors in acme"):
        assert words in primary
    assert primary.count("/settings/audit") == 2
    for kept in (issued.secret.rpartition("/")[2], "ida@acme.example", ANN):
        assert kept not in primary
    ida, ann = await person(bo, "Ida"), await person(bo, "Ann")
    logged = "SELECT concat_ws(' ', kind, customer_id, objects ->> 'person') FROM control.operator_log WHERE kind IN "
    logged += "('person added', 'factors removed') ORDER BY number DESC LIMIT 2"
    assert await world.control_rows(logged) == [
        f"factors removed {world.acme.id} {ann.id}",
        f"person added {world.acme.id} {ida.id}",
    ]


async def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(world: World) -> None:
    await world.deliver(world.acme)
    world.relay.sent.clear()
    call = stranger(world, "198.51.100.9", FIREFOX)
    first = await call(people.sign_in, email=ANN, password=PASSWORD)
    again = await call(people.sign_in, email=ANN, password=PASSWORD, device=first.device)
    assert again.device == first.device
    # Another's cookie is not known to be hers, and what is no cookie of ours is replaced.
    assert (await call(people.sign_in, email=ANN, password=PASSWORD, device="x")).device not in ("x", first.device)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 2
    letter = message_from_bytes(world.relay.sent[0].raw, policy=policy.default)
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every letter of ours has one
    assert letter["Subject"] == "Signed in from a new browser"
    assert "Firefox on Linux" in text
    assert "198.51.100.9" in text
    ann = world.acme.calling(Kind.PERSON, again.token or "")
    shown = await ann(profile.page)
    assert [(one.browser, one.address, one.current) for one in shown.own.sign_ins][1:3] == [
        ("Firefox on Linux", "198.51.100.9", True),
        ("Firefox on Linux", "198.51.100.9", False),
    ]
    assert [one.browser for one in shown.sessions if one.current] == ["Firefox on Linux"]


@pytest.mark.asvs("V6.2.4", "V6.2.5", "V6.2.12")
async def test_known_and_guessable_passwords_are_refused_wherever_one_is_set(world: World) -> None:
    ann, command = await world.acme.signed_in("ann"), world.acme.program(Kind.COMMAND)
    invited = await command(people.invite, email="ann.new@acme.example", name="Ann New", role="agent")
    token, reset = invited.secret.rpartition("/")[2], await mailed(world, ANN, "password")
    for password in ("qwertyuiop", "PASSWORD1", "iloveyou", "Acme-2026!", "annacme123", "SeldeskAcme"):
        for refused in (
            ann(profile.change_password, current=PASSWORD, password=password),
            stranger(world)(people.choose_password, token=token, password=password),
            stranger(world)(people.reset_password, token=reset, password=password),
        ):
            with pytest.raises(rpc.Invalid) as wrong:
                await refused
            assert "Choose another" in wrong.value.fields["password"]
    await stranger(world)(people.reset_password, token=reset, password="another horse battery")
    assert (await stranger(world)(people.choose_password, token=token, password=PASSWORD)).token is not None
