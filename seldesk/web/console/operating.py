"""What is done with a customer as a whole: each form, and back to the page of the customer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_moves, ops_operations, ops_people
from seldesk.methods.control.endings import ASKED, next_clean_up, places
from seldesk.web.console.customers import customer_page, home_of, slug_of
from seldesk.web.console.proving import acting
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.refusals import refusal
from seldesk.web.render import page
from seldesk.web.routes import Action
from seldesk.web.visit import visit_of

Again = Callable[[Request, Form, Mapping[str, str], int], Awaitable[Response]]

PERSON = ("email", "name", "reason", "reference", "erasing", "confirmed")
NOBODY = "Nobody there has both this address and this name."


def below(part: str) -> Callable[[Request], str]:
    """A page below the customer's."""
    return lambda request: f"{home_of(request)}/{part}"


def _doing(
    method: rpc.Method[..., None], done: str, again: Again, back: Callable[[Request], str], *names: str
) -> Action:
    """A form that may need a fresh proof, and that comes again with what was wrong with it."""

    async def action(request: Request, form: Form) -> Response:
        try:
            await call_of(request).form(method, form.only(*names), slug=slug_of(request))
        except MENDABLE as error:
            return await again(request, form, faults(error), error.status)
        return RedirectResponse(f"{home_of(request)}?done={done}", 303)

    return acting(action, back)


async def _customer(request: Request, form: Form, wrong: Mapping[str, str], status: int) -> Response:
    return await customer_page(request, wrong=wrong, typed={"reason": form.text("reason")}, status=status)


async def restoring(request: Request) -> Response:
    return await customer_page(request, "restore", typed={"kind": "aside", "copy": ""})


async def _restore(request: Request, form: Form, wrong: Mapping[str, str], status: int) -> Response:
    typed = {"kind": form.text("kind"), "copy": form.text("copy")}
    return await customer_page(request, "restore", wrong=wrong, typed=typed, status=status)


async def moving(request: Request) -> Response:
    return await _targets(request, {}, 200)


async def _move(request: Request, form: Form, wrong: Mapping[str, str], status: int) -> Response:
    return await _targets(request, wrong, status)


async def _targets(request: Request, wrong: Mapping[str, str], status: int) -> Response:
    shown = await call_of(request)(ops_moves.page, slug_of(request))
    home = home_of(request)
    return page(
        request,
        "console/customers/move.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        home=home,
        wrong=wrong,
    )


async def erasing(request: Request) -> Response:
    return await _ending(request, {"erasing": "clean-up", "name": ""}, {}, 200)


async def _erase(request: Request, form: Form, wrong: Mapping[str, str], status: int) -> Response:
    """The name is right when nothing but the second confirmation is missing."""
    typed = {"erasing": form.text("erasing"), "name": form.text("name"), "named": {*wrong} == {"confirmed"}}
    if typed["named"] and not form.text("again"):
        # The first time nothing was forgotten.
        return await _ending(request, typed, {}, 200)
    return await _ending(request, typed, wrong, status)


async def _ending(request: Request, typed: Mapping[str, Any], wrong: Mapping[str, str], status: int) -> Response:
    now = visit_of(request).now
    when = {"clean_up": next_clean_up(now), "asked": now + ASKED, "places": places()}
    return await customer_page(request, "erase", wrong=wrong, typed={"named": False, **typed, **when}, status=status)


async def leaving(request: Request) -> Response:
    return await customer_page(request, "person", typed={"erasing": "asked"})


async def _erase_person(request: Request, form: Form) -> Response:
    """Whether anybody there has the address or the name alone is not said."""
    wrong: Mapping[str, str]
    headers: Mapping[str, str] = {}
    try:
        done = await call_of(request).form(ops_people.erase_at_console, form.only(*PERSON), slug=slug_of(request))
        if done.person:
            return RedirectResponse(f"{home_of(request)}?done=person", 303)
        status, words, headers = refusal(done.wait, NOBODY)
        wrong = {"": words}
    except MENDABLE as error:
        status, wrong = error.status, faults(error)
    typed = {name: form.text(name) for name in PERSON}
    answer = await customer_page(request, "person", wrong=wrong, typed=typed, status=status)
    answer.headers.update(headers)
    return answer


async def _close_side(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(ops_operations.close_side, form.only("side"))
    except MENDABLE as error:
        return await _customer(request, form, faults(error), error.status)
    return RedirectResponse(f"{home_of(request)}?done=close", 303)


suspend = _doing(ops_operations.suspend, "suspend", _customer, home_of, "reason")
reactivate = _doing(ops_operations.reactivate, "reactivate", _customer, home_of)
plan = _doing(ops_operations.plan, "plan", _customer, home_of, "plan")
copy = _doing(ops_operations.copy, "copy", _customer, home_of)
rotate = _doing(ops_operations.rotate, "rotate", _customer, home_of, "what")
move = _doing(ops_operations.move, "move", _move, below("move"), "cluster", "notice")
restore = _doing(ops_operations.restore, "restore", _restore, below("restore"), "kind", "copy", "writable", "confirmed")
erase = _doing(ops_operations.erase, "erase", _erase, below("close"), "name", "erasing", "confirmed")
erase_person = acting(_erase_person, below("person"))
close_side = acting(_close_side, home_of)
