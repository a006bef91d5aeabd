"""The way back into a helpdesk that its owner has closed, and what stands there instead of it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import rpc
from seldesk.errors import CustomerClosed
from seldesk.methods.desk import account
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page


async def closed(scope: Scope, receive: Receive, send: Send) -> None:
    raise CustomerClosed


async def offer(request: Request) -> Response:
    try:
        offered = await call_of(request)(account.offer, token=_token(request))
    except rpc.NotFound:
        raise CustomerClosed("This link was used already, or is no link of ours.") from None
    return page(request, "settings/account/offer.html", offered=offered)


async def take_back(request: Request, _: Form) -> Response:
    await call_of(request)(account.take_back, token=_token(request))
    return page(request, "settings/account/returned.html")


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:255]
