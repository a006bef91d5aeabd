"""The customer's colours as a small stylesheet, and its logo: both under addresses that change with them."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

import rpc
from rpc import Kind
from seldesk import colours
from seldesk.colours import BLACK, DARK, FAINT, INK, LIGHT, WHITE, ink_on, legible, mixed, tinted
from seldesk.methods.desk import branding
from seldesk.surroundings import Brand
from seldesk.web.credential import call_of
from seldesk.web.static import FOREVER
from seldesk.web.visit import visit_of

# Of the rules below. A new one must not be hidden by what browsers keep of the old one.
RULES = "1"


def version(brand: Brand) -> str:
    return sha256(f"{RULES}{brand.accent}".encode()).hexdigest()[:12]


def legible_pair(accent: str) -> tuple[str, str]:
    """What text and buttons get in the light theme and in the dark one: the accent itself where it can be read."""
    light = legible(accent, (*LIGHT, _soft(accent)[0]), towards=BLACK)
    return light, legible(accent, (*DARK, _soft(accent)[1]), towards=WHITE)


def judged(accent: str) -> list[str]:
    """What is to be said of a colour that cannot be read everywhere."""
    said = list[str]()
    grounds = ((*LIGHT, _soft(accent)[0]), (*DARK, _soft(accent)[1]))
    for theme, used, on in zip(("light", "dark"), legible_pair(accent), grounds, strict=True):
        if used != accent:
            found = min(colours.contrast(accent, ground) for ground in on)
            said.append(
                f"In the {theme} theme text in this colour has a contrast of {found:.1f} : 1, and 4.5 : 1 is needed. "
                f"There {used} is used, the nearest colour that can be read."
            )
    return said


def stylesheet(accent: str) -> str:
    (light, dark), (soft, dark_soft) = legible_pair(accent), _soft(accent)
    strong, dark_strong = mixed(light, BLACK, 0.2), mixed(dark, WHITE, 0.3)
    return (
        ":root{"
        f"--brand:{accent};--brand-ink:{ink_on(accent)};"
        f"--accent:light-dark({light},{dark});"
        f"--accent-strong:light-dark({strong},{dark_strong});"
        f"--accent-ink:light-dark({WHITE},{INK});"
        f"--accent-soft:light-dark({soft},{dark_soft});"
        f"--focus:light-dark({light},{dark})"
        "}"
    )


def _soft(accent: str) -> tuple[str, str]:
    return tinted(LIGHT[0], accent, 0.1, FAINT[0]), tinted(DARK[1], accent, 0.2, FAINT[1])


async def sheet(request: Request) -> Response:
    brand = _brand(request)
    if not brand.accent:
        raise rpc.NotFound
    current = request.path_params["version"] == version(brand)
    headers = {"Cache-Control": FOREVER if current else "no-cache"}
    return Response(stylesheet(brand.accent), media_type="text/css", headers=headers)


async def logo(request: Request) -> Response:
    brand = _brand(request)
    if brand.logo is None or request.path_params["logo"] != str(brand.logo):
        raise rpc.NotFound
    visit_of(request).kind = Kind.ANONYMOUS
    file = await call_of(request)(branding.logo)
    return Response(
        file.content,
        media_type=file.type,
        headers={"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": FOREVER},
    )


def _brand(request: Request) -> Brand:
    customer = visit_of(request).customer
    if customer is None:
        raise rpc.NotFound
    return customer.brand
