"""What pages say of a helpdesk that is suspended or closed, and how its owner decides that."""

from dataclasses import replace

import pytest
from markupsafe import escape

import rpc
from seldesk.errors import NotLikeThis, TooLateToReturn
from seldesk.methods.admission import CustomerSuspended
from seldesk.methods.desk.account import Termination
from seldesk.models.desk.storing import NoRoomOnPlan
from seldesk.surroundings import Brand
from tests.web import account_pages
from tests.web.stage import CUSTOMERS, Stage, edge
from tests.web.story import HOSTILE
from tests.web.visitor import Visitor

HERE = "/settings/account"
BANNER = "Suspended: everything can be read, nothing changed. We move house until Friday."


@pytest.mark.usefixtures("suspended")
@pytest.mark.parametrize("path", ["/desk/tickets", "/", "/settings/people", "/desk/sign-in", "/nothing"])
async def test_every_page_of_a_suspended_helpdesk_says_why(ann: Visitor, path: str) -> None:
    text = (await ann.get(path)).text
    assert text.count(BANNER) == 1
    assert text.index("<body") < text.index(BANNER)


@pytest.mark.usefixtures("suspended")
async def test_what_is_refused_is_refused_in_words(stage: Stage, ann: Visitor) -> None:
    stage.answers["members.invite"] = CustomerSuspended("It can be read.")
    fields = {"name": "Iris", "email": "iris@acme.example", "role": "agent"}
    answer = await ann.submit("/settings/people", "/settings/people", fields)
    assert answer.status_code == 403
    assert "It can be read." in answer.text


async def test_a_reason_is_words_and_no_markup(ann: Visitor) -> None:
    before = CUSTOMERS["acme"]
    CUSTOMERS["acme"] = replace(before, state="suspended", suspended_for=HOSTILE)
    try:
        text = (await ann.get("/desk/sign-in")).text
    finally:
        CUSTOMERS["acme"] = before
    assert HOSTILE not in text
    assert str(escape(HOSTILE)) in text


async def test_an_active_helpdesk_has_no_banner(ann: Visitor) -> None:
    assert 'class="suspended"' not in (await ann.get("/desk/tickets")).text


@pytest.mark.parametrize("path", ["/", "/desk/tickets", "/settings/account", "/rpc", "/brand/logo/x", "/tickets/4821"])
async def test_a_closed_host_says_that_and_nothing_else(stage: Stage, path: str) -> None:
    before = CUSTOMERS["gone"]
    CUSTOMERS["gone"] = replace(before, name="Initech", brand=Brand("#ffd500"))
    try:
        async with Visitor(edge(stage), "gone.localhost:8000") as visitor:
            answer = await visitor.get(path)
            css = await visitor.get("/static/v/css/base.css")
    finally:
        CUSTOMERS["gone"] = before
    assert answer.status_code == 410
    assert "The helpdesk at this address is closed." in answer.text
    assert "Initech" not in answer.text
    assert css.status_code == 200
    assert stage.calls == []


async def test_the_link_of_the_mail_opens_it_again(stage: Stage) -> None:
    async with Visitor(edge(stage), "gone.localhost:8000", known=False) as visitor:
        assert "Take Acme Support back?" in (await visitor.get("/return/a-token")).text
        answer = await visitor.submit("/return/a-token", "/return/a-token")
        assert answer.status_code == 200
        assert "open again" in answer.text
    assert stage.last("account.take_back") == {"token": "a-token"}


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (rpc.NotFound("This link was used already."), "used already"),
        (TooLateToReturn(), "cannot be taken back any more"),
    ],
)
async def test_a_link_that_is_over_says_why(stage: Stage, error: rpc.Error, says: str) -> None:
    stage.answers["account.offer"] = error
    async with Visitor(edge(stage), "gone.localhost:8000", known=False) as visitor:
        answer = await visitor.get("/return/a-token")
    assert answer.status_code == 410
    assert says in answer.text


async def test_pausing_says_why_and_is_ended_by_a_button(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(HERE, f"{HERE}/pause", {"reason": "We move."})
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert stage.last("account.pause") == {"reason": "We move."}
    panel = stage.answers["account.page"].panel
    stage.answers["account.page"] = account_pages.page(panel, state="suspended")
    assert (await ann.submit(HERE, f"{HERE}/resume")).status_code == 303
    stage.answers["account.page"] = account_pages.page(panel, state="suspended", may_resume=False)
    assert "The operator has suspended this helpdesk" in (await ann.get(HERE)).text
    stage.answers["account.resume"] = NotLikeThis("The operator alone.")
    assert "The operator alone." in (await ann.submit(HERE, f"{HERE}/resume")).text


async def test_a_plan_is_chosen_and_says_what_does_not_fit(stage: Stage, ann: Visitor) -> None:
    panel = stage.answers["account.page"].panel
    stage.answers["account.page"] = account_pages.page(panel, plan="trial", stored=2**31)
    shown = (await ann.get(HERE)).text
    assert "<b>2.0 of 5 GB</b>" in shown
    assert 'value="trial"' not in shown
    answer = await ann.submit(HERE, f"{HERE}/plan", {"plan": "free"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}#plan")
    assert stage.last("plans.choose") == {"plan": "free"}
    stage.answers["plans.choose"] = NoRoomOnPlan("Free has room for 1 GB, and 2.0 GB are kept here.")
    refused = await ann.submit(HERE, f"{HERE}/plan", {"plan": "free"})
    assert refused.status_code == 422
    assert 'id="plan-wrong"' in refused.text
    stage.answers["account.page"] = account_pages.page(panel, state="suspended", may_resume=False, trial_over=True)
    over = (await ann.get(HERE)).text
    assert "The trial is over. Choose a plan" in over
    assert "The operator has suspended" not in over


async def test_closing_needs_the_name_and_the_password(stage: Stage, ann: Visitor) -> None:
    fields = {"name": "Acme Support", "password": "correct horse", "erasing": "asked"}
    answer = await ann.submit(HERE, f"{HERE}/terminate", fields)
    assert answer.status_code == 200
    assert "The helpdesk is closed" in answer.text
    assert stage.last("account.terminate") == fields
    stage.answers["account.terminate"] = Termination()
    answer = await ann.submit(HERE, f"{HERE}/terminate", fields)
    assert answer.status_code == 422
    assert 'id="password-wrong"' in answer.text
    assert "correct horse" not in answer.text
    assert 'value="asked" checked' in answer.text
    stage.answers["account.terminate"] = Termination(wait=90)
    assert (await ann.submit(HERE, f"{HERE}/terminate", fields)).status_code == 429
    stage.answers["account.terminate"] = rpc.Invalid(fields={"name": "Type the name as it stands here."})
    assert 'id="name-wrong"' in (await ann.submit(HERE, f"{HERE}/terminate", fields)).text
