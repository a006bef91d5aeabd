"""How the customer looks to requesters and agents."""

from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.tickets import File
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)


@dataclass(frozen=True, slots=True)
class BrandingPage:
    """accent is #rrggbb, "" for Seldesk's own."""

    panel: Panel
    name: str
    accent: str
    logo: bool
    signature: str


@rpc.public("settings.branding", kinds=(rpc.Kind.PERSON,), reads=True)
async def page(caller: Caller) -> BrandingPage:
    """All that the page of the branding shows."""
    customer, signature = surroundings().customer, await models.branding.signature()
    return BrandingPage(panel(caller), customer.name, customer.brand.accent, bool(customer.brand.logo), signature)


@rpc.public("settings.branding", kinds=PEOPLE_AND_TOKENS)
async def update(
    caller: Caller, name: rpc.Line, accent: str = "", logo: rpc.Upload | None = None, without_logo: bool = False
) -> None:
    """Set the name and the accent colour (#rrggbb, nothing for Seldesk's own); the logo stays unless one is given or
    taken away: PNG, JPEG or WebP, up to 512 kB, each side from 16 to 2000 pixels.
    """
    await models.branding.change(name, accent, logo, without_logo=without_logo)


@rpc.public(None, kinds=(rpc.Kind.ANONYMOUS,), reads=True)
async def logo(caller: Caller) -> File:
    """The logo, for whoever looks at a page of this customer."""
    kind, content = await models.branding.logo()
    return File("logo", kind, content)
