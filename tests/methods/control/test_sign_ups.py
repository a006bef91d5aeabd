"""From a form that anybody can send to a customer with an owner: through the doors, on a real PostgreSQL."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pyotp
import pytest

import rpc
from orm.provision.database import STEPS as steps_of_the_provisioner
from orm.testing import Server
from rpc import Credential, Kind
from seldesk.errors import SignUpOver, SlugTaken
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Refused
from seldesk.methods.control import clusters, customers, leases, sign_ups, upkeep
from seldesk.methods.desk import founding, people
from seldesk.models.control.sign_up import elsewhere
from seldesk.offer import Offer
from seldesk.web.site.sign_up import STEPS
from tests.newcomer import FIELDS, NINA, PASSWORD, Newcomer, deliver, found, letters, provision, rows, token_in
from tests.web.visitor import FORM_TOKEN, FROM_OUR_PAGE, Visitor
from tests.world import World
from tests.world import world as made


@pytest.fixture
def nina(world: World) -> Newcomer:
    return Newcomer(world)


async def slugs(world: World) -> set[str]:
    return {row.slug for row in await world.app.program(Kind.COMMAND)(customers.list)}


@pytest.mark.asvs("V6.3.3", "V6.4.1")
async def test_from_the_form_to_the_desk(world: World, nina: Newcomer) -> None:
    assert 'href="/sign-up"' in (await nina.site.get("/")).text
    asked = await nina.sign_up(plan="paid")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-up/sent?country=AT&region=")
    sent = (await nina.site.get(asked.headers["location"])).text
    assert "Frankfurt" in sent
    assert "Amsterdam" in sent
    assert await slugs(world) == {"acme"}, "nothing is made before the address is confirmed"
    token = await nina.mailed()
    page = (await nina.site.get(f"/sign-up/confirm/{token}")).text
    assert "Nordwind AG" in page
    assert "nordwind.localhost" in page
    confirmed = await nina.confirm(token)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/sign-up/progress")
    assert "httponly" in confirmed.headers["set-cookie"].lower()
    text = await nina.progress()
    assert 'content="3"' in text, "without JavaScript the page reads itself anew"
    assert re.search(r'class="now".*?Making keys', text, re.DOTALL)
    await provision(world)
    assert re.search(
        r'class="done".*?Opening it to your helpdesk.*?class="now".*Making your account',
        await nina.progress(),
        re.DOTALL,
    )
    await found(world)
    await found(world)
    text = await nina.progress()
    link = re.search(r'href="(http://nordwind\.localhost\S*)/welcome/([^"]+)"', text)
    assert link
    desk = Visitor(world.app.web(), "nordwind.localhost:8080", known=False)
    welcome = f"/welcome/{link[2]}"
    assert "Welcome, Nina Nord" in (await desk.get(welcome)).text
    chosen = await desk.submit(welcome, welcome, {"password": PASSWORD, "again": PASSWORD})
    assert chosen.headers["location"] == "/desk/tickets"
    # A paid plan: the last step is a second factor, and without it nothing is opened.
    for path in ("/desk/tickets", "/settings/people"):
        assert (await desk.get(path)).headers["location"] == "/account/factors/new"
    page = (await desk.get("/account/factors/new")).text
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    token_of_form = FORM_TOKEN.search(page)
    assert shown
    assert token_of_form
    assert "nobody comes in without one" in page
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(world.clock.now())
    fields = {"form_token": token_of_form[1], "code": code, "name": "Phone"}
    added = await desk.post("/account/factors/authenticator", data=fields, headers=FROM_OUR_PAGE)
    assert (added.status_code, added.text.count("<code>")) == (200, 10)
    assert (await desk.get("/desk/tickets")).status_code == 200
    assert "support@nordwind.localhost" in (await desk.get("/settings/mailboxes")).text
    assert "/welcome/" not in await nina.progress(), "the link is used up, and not shown again"
    row = await world.app.program(Kind.COMMAND)(customers.read, slug="nordwind")
    (entry,) = [one for one in world.app.directory.active() if one.slug == "nordwind"]
    assert (row.state, row.country, row.plan, entry.name) == ("active", "AT", "paid", "Nordwind AG")
    owner = await rows(
        world, "SELECT region || primary_name || primary_email FROM control.customers WHERE slug = 'nordwind'"
    )
    assert owner == [f"euNina Nord{NINA}"]


HOSTILE = {
    '""': "Letters from a to z",
    "postgres": "keeps this word",
    "template1": "keeps this word",
    'a"; --': "Letters from a to z",
    "a" * 64: "3 to 40",
    "ab": "3 to 40",
    "acme": "This address is taken. acme-desk is free.",
    "ACME ": "This address is taken. acme-desk is free.",
    "аcme": "look alike",
    "ａｃｍｅ": "look alike",
    "\N{KELVIN SIGN}elvin": "look alike",
    "ac\u200bme": "cannot be seen",
    "\u202eemca": "cannot be seen",
    "acme\N{SOFT HYPHEN}": "cannot be seen",
    "nord--wind": "no two hyphens",
    "-nordwind": "begins with a letter",
    "xn--80ak6aa92e": "no two hyphens",
    "nord.wind": "Letters from a to z",
    "../nordwind": "Letters from a to z",
    "nord%2ewind": "Letters from a to z",
    "www": "keeps this word for itself. www-desk is free.",
}


@pytest.mark.flaw("Odoo CVE-2018-15632", "FreeScout CVE-2026-28289")
async def test_a_hostile_address_is_a_sentence_and_makes_nothing(world: World, nina: Newcomer) -> None:
    for slug, sentence in HOSTILE.items():
        answer = await nina.sign_up(slug=slug)
        assert (answer.status_code, sentence in answer.text) == (422, True), slug
        # The same words while it is typed.
        assert sentence in (await nina.site.get("/sign-up/address", params={"slug": slug})).text, slug
        with pytest.raises((rpc.Invalid, SlugTaken)):
            await world.app.program(Kind.COMMAND)(customers.create, slug=slug, name="Evil")
    assert "nordwind</b> is free" in (await nina.site.get("/sign-up/address", params={"slug": "Nordwind "})).text
    assert (await nina.sign_up(slug="")).status_code == 422
    assert await slugs(world) == {"acme"}
    assert await rows(world, "SELECT count(*) FROM control.sign_ups") == ["0"]


async def test_what_is_missing_is_said_beside_each_field_and_nothing_typed_is_lost(nina: Newcomer) -> None:
    answer = await nina.sign_up(organisation=" \u200b", name="", email="nina@", country="XX", terms="", slug="acme")
    assert answer.status_code == 422
    for words in (
        "How is it called?",
        "How are you called?",
        "not a mail address",
        "Choose the country",
        "Without them",
        "acme-desk is free",
    ):
        assert words in answer.text
    assert 'value="nina@"' in answer.text
    wrong = await nina.sign_up(plan="everything", country="AT", region="mars")
    assert wrong.status_code == 422


async def test_a_region_follows_from_the_country_or_is_asked_for(world: World, nina: Newcomer) -> None:
    offer = Offer.load()
    for country in offer.countries.values():
        shown = (await nina.site.get("/sign-up/region", params={"country": country.code})).text
        pair = offer.regions[country.region].data_centres
        assert [centre.city for centre in pair if centre.city not in shown] == [], country.name
    for query, city in (("country=AT", "Frankfurt"), ("country=CA", "Ashburn"), ("country=AT&region=us", "Portland")):
        assert city in (await nina.site.get(f"/sign-up/region?{query}")).text
    for query in ("", "country=", "country=XX", "country=AT&region=mars"):
        assert "Choose a country" in (await nina.site.get(f"/sign-up/region?{query}")).text
    await nina.token(region="us")
    assert await rows(world, "SELECT region FROM control.sign_ups") == ["us"]


async def test_nobody_is_told_a_region_whose_customers_another_installation_keeps(
    cluster: tuple[Server, Path],
) -> None:
    async with made(*cluster, SELDESK_STORE_CENTRES='["fra", "ams"]') as world:
        nina = Newcomer(world)
        shown = (await nina.site.get("/sign-up/region?country=CA")).text
        assert ("Here, data lies in <b>Frankfurt</b>" in shown, "Ashburn" in shown) == (True, False)
        refused = await nina.sign_up(country="CA")
        assert refused.status_code == 422
        assert "Here, data lies in Europe: choose that." in refused.text
        await nina.token(country="CA", region="eu")
        assert await rows(world, "SELECT region FROM control.sign_ups") == ["eu"]


def test_where_another_installation_keeps_them_is_told() -> None:
    regions = Offer.load().regions
    there = replace(regions["us"], sign_up="https://desk.example/sign-up")
    assert "To have it in United States, sign up at https://desk.example/sign-up." in elsewhere(there, regions["eu"])
    assert elsewhere(there, None) == ""


@pytest.mark.long
@pytest.mark.fault(6)
@pytest.mark.flaw("Sentry CVE-2022-23485")
async def test_of_fifty_who_confirm_one_address_at_once_one_has_it_and_the_others_choose_another(
    world: World, nina: Newcomer
) -> None:
    for place in range(50):
        somewhere = Credential(kind=Kind.ANONYMOUS, address=f"10.0.{place}.1")
        asked = FIELDS | {"email": f"p{place}@nordwind.example"}
        await world.app.dispatcher.answer(somewhere, "sign_ups.begin", {**asked, "terms": True})
    await deliver(world)
    paths = [f"/sign-up/confirm/{token_in(letter)}" for letter in letters(world)]
    form = await nina.site.form_token(paths[0])

    async def insist(path: str) -> httpx2.Response:
        """Whoever finds all connections taken tries it again."""
        while True:
            answer = await nina.site.post(path, data={"form_token": form}, headers=FROM_OUR_PAGE)
            if answer.status_code != 503:
                return answer

    answers = await asyncio.gather(*map(insist, paths))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(303), codes.count(409)) == (1, 49)
    late = codes.index(409)
    for answer in (answer for answer in answers if answer.status_code == 409):
        assert "<b>nordwind</b> is taken" in answer.text
        assert "<b>nordwind-desk</b> is free" in answer.text
    assert await rows(world, "SELECT count(*) FROM control.customers WHERE slug = 'nordwind'") == ["1"]
    # Nothing is typed again but the address, and a hostile one is a sentence here too.
    token = paths[late].rpartition("/")[2]
    assert "keeps this word" in (await nina.confirm(token, slug="postgres")).text
    assert (await nina.confirm(token, slug="nordwind-desk")).status_code == 303
    assert await slugs(world) == {"acme", "nordwind", "nordwind-desk"}


async def test_where_no_cluster_has_room_a_visitor_is_told_so_and_the_link_stays_good(
    world: World, nina: Newcomer
) -> None:
    operator = world.app.program(Kind.COMMAND)
    await nina.sign_up()
    await deliver(world)
    token = token_in(letters(world)[-1])
    await operator(clusters.update, name="main", state="full")
    told = await nina.confirm(token)
    assert (told.status_code, "no room for one more helpdesk in this region" in told.text) == (503, True)
    assert "seldesk cluster add" not in told.text
    await operator(clusters.update, name="main", state="open")
    assert (await nina.confirm(token)).status_code == 303


@pytest.mark.flaw("Sentry CVE-2022-23485")
@pytest.mark.asvs("V6.4.1")
async def test_a_link_confirms_once_however_often_it_is_sent(world: World, nina: Newcomer) -> None:
    token = await nina.token()
    path = f"/sign-up/confirm/{token}"
    others = [Newcomer(world) for _ in range(20)]
    # All have the page before the first of them sends it.
    forms = [{"form_token": await one.site.form_token(path)} for one in others]
    answers = await asyncio.gather(
        *(
            one.site.post(path, data=form | {"slug": f"nord-{place}"}, headers=FROM_OUR_PAGE)
            for place, (one, form) in enumerate(zip(others, forms, strict=True))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, *[404] * 19]
    assert len(await slugs(world)) == 2
    assert (await nina.site.get(path)).status_code == 404


@pytest.mark.flaw("Zulip CVE-2021-43791", "FreeScout CVE-2026-41902")
@pytest.mark.asvs("V6.4.1")
async def test_an_old_link_confirms_nothing_neither_on_the_page_nor_behind_it(world: World, nina: Newcomer) -> None:
    token = await nina.token()
    path = f"/sign-up/confirm/{token}"
    form = await nina.site.form_token(path)
    world.clock.move(timedelta(hours=24, seconds=1))
    assert (await nina.site.get(path)).status_code == 404
    assert (await nina.site.post(path, data={"form_token": form}, headers=FROM_OUR_PAGE)).status_code == 404
    with pytest.raises(SignUpOver):
        await nobody(world)(sign_ups.confirm, token=token)
    assert await slugs(world) == {"acme"}


@pytest.mark.flaw("MantisBT CVE-2017-7615", "Zulip CVE-2022-21706")
async def test_a_link_that_was_never_mailed_opens_nothing(world: World, nina: Newcomer) -> None:
    token = await nina.token()
    assert len(token) >= 43
    for wrong in ("", "null", "0", "false", "[]", "%00", "a" * 5000, token[:-1], token.swapcase(), f"{token}%00"):
        assert (await nina.site.get(f"/sign-up/confirm/{wrong}")).status_code == 404, wrong
        nina.site.cookies.set("sign_up", wrong[:200].replace("%00", ""))
        assert (await nina.site.get("/sign-up/progress")).status_code == 404, wrong
    for wrong in ("", "0", "\x00", "x" * 255):
        with pytest.raises((rpc.NotFound, rpc.Invalid)):
            await nobody(world)(sign_ups.read, wrong)
    # The secret of the link is not the one that follows, and no customer's door knows either.
    nina.site.cookies.set("sign_up", token)
    assert (await nina.site.get("/sign-up/progress")).status_code == 404
    acme = Visitor(world.app.web(), "acme.localhost:8080", known=False)
    for path in (f"/sign-up/confirm/{token}", "/sign-up", f"/welcome/{token}", f"/reset/{token}"):
        assert (await acme.get(path)).status_code == 404, path


@pytest.mark.flaw("Zulip CVE-2022-21706", "Zulip CVE-2025-30369")
@pytest.mark.asvs("V8.4.1")
async def test_the_first_owners_link_opens_no_other_customer(world: World, nina: Newcomer) -> None:
    await nina.confirm(await nina.token())
    await provision(world)
    await found(world)
    link = re.search(r"/welcome/([^\"]+)", await nina.progress())
    assert link
    before = await rows(world, "SELECT to_jsonb(c) FROM control.customers c WHERE slug = 'acme'")
    acme = Visitor(world.app.web(), "acme.localhost:8080", known=False)
    assert (await acme.get(f"/welcome/{link[1]}")).status_code == 404
    with pytest.raises(rpc.NotFound):
        await world.acme.calling(Kind.ANONYMOUS, "")(people.choose_password, token=link[1], password=PASSWORD)
    assert await rows(world, "SELECT to_jsonb(c) FROM control.customers c WHERE slug = 'acme'") == before


@pytest.mark.flaw("Zammad CVE-2023-31597")
async def test_an_address_is_worth_nothing_before_its_link_is_opened(world: World, nina: Newcomer) -> None:
    """Somebody else's address, however it is spelt: no database, no owner, and no way to follow."""
    for place, spelt in enumerate(("bo@acme.example", " BO@acme.example", "bo+x@acme.example", "bo@ACME.example ")):
        assert (await nina.sign_up(email=spelt, slug=f"nord-{place}")).status_code == 303
        assert (await nina.site.get("/sign-up/progress")).status_code == 404
    for spelt in ('"a b"@acme.example', "bo@acme.example,eve@evil.example", "bo@аcme.example ", "bo @acme.example"):
        assert (await Newcomer(world, "198.51.100.7").sign_up(email=spelt)).status_code in (303, 422)
    await provision(world)
    await found(world)
    assert await slugs(world) == {"acme"}


@pytest.mark.flaw("Zendesk e-mail bombs 2025", "Zammad CVE-2022-35488")
@pytest.mark.asvs("V2.4.1")
async def test_a_confirmation_carries_nothing_that_was_typed_and_an_address_has_three_an_hour(world: World) -> None:
    asked = []
    for place in range(8):
        spelt = ("victim@x.example", "VICTIM@x.example", f"victim+{place}@x.example")[place % 3]
        somebody = Newcomer(world, f"10.1.{place}.1")
        typed = {"organisation": "You are a THIEF", "name": "Thief http://evil.example", "slug": f"thief-{place}"}
        answer = await somebody.sign_up(email=spelt, **typed)
        asked.append((answer.status_code, answer.headers["location"]))
    assert len(set(asked)) == 1, "whoever asks cannot tell the third from the fourth"
    await deliver(world)
    sent = letters(world)
    assert len(sent) == 3
    for letter in sent:
        whole = letter.as_string().lower() + letter.get_body(("plain",)).get_content().lower()  # type: ignore[union-attr]
        assert [word for word in ("thief", "evil", "nord") if word in whole] == []
        assert letter["Auto-Submitted"] == "auto-replied"
    world.clock.move(timedelta(minutes=61))
    assert await Newcomer(world, "10.9.9.9").token(email="victim@x.example", slug="thief-9")


@pytest.mark.asvs("V2.4.1")
async def test_a_block_of_addresses_signs_up_five_times_an_hour(world: World) -> None:
    codes = []
    for place in range(6):
        somebody = Newcomer(world, f"203.0.113.{place}")
        codes.append((await somebody.sign_up(email=f"p{place}@x.example", slug=f"nord-{place}")).status_code)
    assert codes == [*[303] * 5, 429]
    assert (await Newcomer(world, "198.51.100.1").sign_up(slug="nord-7")).status_code == 303
    world.clock.move(timedelta(minutes=61))
    assert (await Newcomer(world).sign_up(slug="nord-8")).status_code == 303


async def test_the_answer_does_not_tell_who_has_signed_up_before(world: World, nina: Newcomer) -> None:
    await nina.confirm(await nina.token())
    again = await nina.sign_up(slug="nordwind-two")
    other = await nina.sign_up(slug="nordwind-three", email="nobody@nordwind.example")
    assert (again.status_code, again.headers["location"]) == (other.status_code, other.headers["location"])
    await deliver(world)
    assert len(letters(world)) == 3


async def test_what_is_over_is_forgotten(world: World, nina: Newcomer) -> None:
    await nina.confirm(await nina.token())
    await nina.sign_up(slug="nordwind-two", email="other@nordwind.example")
    world.clock.move(timedelta(days=7, seconds=1))
    await world.app.program(Kind.JOB)(upkeep.tidy)
    assert await rows(world, "SELECT slug FROM control.sign_ups") == ["nordwind"], "it has no owner yet"
    await provision(world)
    await found(world)
    await world.app.program(Kind.JOB)(upkeep.tidy)
    assert await rows(world, "SELECT slug FROM control.sign_ups") == []
    await deliver(world)
    assert len(letters(world)) == 1, "no link to what is forgotten"


async def test_a_step_that_fails_says_that_it_is_tried_again(world: World, nina: Newcomer) -> None:
    await nina.confirm(await nina.token())
    job = world.app.program(Kind.JOB)
    claim = await job(leases.claim, kinds=["provision"])
    assert claim is not None
    customer, fence = claim.customer.id, claim.fence
    await job(leases.stepped, customer=customer, kind="provision", fence=fence, step="roles")
    await job(leases.failed, customer=customer, kind="provision", fence=fence, error="OSError after step roles")
    text = await nina.progress()
    assert re.search(r'class="failed".*?Making your database.*?tried again by itself', text, re.DOTALL)
    assert "OSError" not in text


async def test_the_second_of_two_may_still_have_an_address_that_only_was_asked_for(world: World) -> None:
    first, second = Newcomer(world, "10.2.1.1"), Newcomer(world, "10.2.2.1")
    early, late = await first.token(email="a@x.example"), await second.token(email="b@x.example")
    assert (await second.confirm(late)).status_code == 303
    page = (await first.site.get(f"/sign-up/confirm/{early}")).text
    assert "somebody was faster" in page
    assert 'value="nordwind-desk"' in page
    with pytest.raises(SlugTaken):
        await nobody(world)(sign_ups.confirm, token=early)
    assert (await first.confirm(early, slug="nordwind-hq")).status_code == 303


async def test_a_worker_that_dies_between_the_two_databases_leaves_one_owner(world: World, nina: Newcomer) -> None:
    await nina.confirm(await nina.token())
    await provision(world)
    job = world.app.program(Kind.JOB)
    (waits,) = await job(sign_ups.unfounded)
    assert await job(sign_ups.unfounded) == [], "another worker has it"
    at_the_door = world.app.program(Kind.JOB, "nordwind")
    await at_the_door(founding.begin, email=waits.email, name=waits.name)
    world.clock.move(timedelta(seconds=11))
    await found(world)
    await Outboxes(job, world.app.job, world.relay).drain(waits.customer)
    assert [letter["To"] for letter in letters(world)[1:]] == [f"Nina Nord <{NINA}>"]
    assert "Choose your password" in await nina.progress()


async def test_a_relay_that_is_away_delays_the_mail_and_no_more(world: World, nina: Newcomer) -> None:
    world.relay.failures = [Refused("It is away.", permanent=False)]
    await nina.sign_up()
    await deliver(world)
    assert letters(world) == []
    world.clock.move(timedelta(minutes=1))
    assert (await nina.confirm(await nina.mailed())).status_code == 303
    assert await rows(world, "SELECT payload::text FROM control.outbox WHERE payload::text LIKE '%@%'") == []


def test_every_step_of_the_provisioner_has_words() -> None:
    assert [*STEPS][:-1] == [*steps_of_the_provisioner]


def nobody(world: World) -> rpc.Call:
    return world.app.program(Kind.ANONYMOUS)
