"""A customer is made, a real mail becomes a ticket, and leaves solved: real processes, a real browser."""

import json
import re
import smtplib
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.acceptance.processes import environment, free_ports, run, running, until_answering
from tests.browser import chromium
from tests.world import LONG_LINES

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Installation:
    """A running Seldesk with one customer; welcome is its owner's one-time link."""

    home: Path
    port: int
    smtp: int
    welcome: str
    given: dict[str, str]

    @property
    def acme(self) -> str:
        return f"http://acme.localhost:{self.port}"

    def letter(self, subject: str, to: str = "") -> EmailMessage:
        """The mail that went out about this."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for file in (self.home / "mail_out").glob("*.eml"):
                mail = message_from_bytes(file.read_bytes(), EmailMessage, policy=policy.default)
                if subject in str(mail["Subject"]) and to in str(mail["To"]):
                    return mail
            time.sleep(0.05)
        raise AssertionError(f"no mail went out about {subject}")

    def send(self, mail: EmailMessage, to: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=20) as client:
            client.send_message(mail, "cleo@cleo.example", [to])

    def rpc(self, token: str, method: str, **params: object) -> Any:
        """What a program with a token is answered."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/rpc",
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode(),
            {
                "Host": f"acme.localhost:{self.port}",
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["result"]


@pytest.fixture(scope="module")
def seldesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("walk")
    port, smtp = free_ports(2)
    given = environment(home, SELDESK_PORT=str(port), SELDESK_SMTP_IN__PORT=str(smtp), SELDESK_UNDO_SECONDS="0")
    log = home / "log"
    with running("serve", given=given, log=log) as process:
        until_answering(port, process, log)
        until_answering(smtp, process, log)
        made = run("customer", "create", "acme", "Acme Support", "--owner", "bo@acme.example", given=given)
        assert made.returncode == 0, made.stderr
        yield Installation(home, port, smtp, made.stdout.strip(), given)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as one:
        yield one


def cleos_mail(subject: str, text: str, message_id: str) -> EmailMessage:
    mail = EmailMessage(policy=LONG_LINES)
    mail["From"], mail["To"] = "Cleo Camp <cleo@cleo.example>", "support@acme.localhost"
    mail["Subject"], mail["Message-ID"] = subject, message_id
    mail.set_content(text)
    return mail


def said(page: Page, text: str) -> Locator:
    """A message with this text."""
    return page.locator("article").get_by_text(text).first


async def clean(page: Page) -> None:
    """axe finds nothing on this page."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_an_organisation_signs_up_and_its_owner_is_in(
    seldesk: Installation, browser: Browser, scripts: bool
) -> None:
    slug, email = ("nordwind", "nina@x.example") if scripts else ("suedwind", "susi@x.example")
    page = await (await browser.new_context(java_script_enabled=scripts)).new_page()
    await page.goto(f"http://localhost:{seldesk.port}/")
    await page.get_by_role("link", name="Choose Business").click()
    await expect(page.get_by_label("Business")).to_be_checked()
    await page.get_by_label("Organisation").fill("Wind AG")
    await page.get_by_label("Address of your helpdesk").fill(slug)
    await page.get_by_label("Your name").fill("Nina Nord")
    await page.get_by_label("Email").fill(email)
    for country, city in (("Canada", "Ashburn"), ("Austria", "Frankfurt")):
        await page.get_by_label("Country").select_option(label=country)
        if scripts:
            await expect(page.locator("#where")).to_contain_text(city)
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_text("A mail is on its way to you")).to_be_visible()
    await expect(page.locator(".where")).to_contain_text("Amsterdam")

    body = seldesk.letter("Confirm", email).get_body(("plain",))
    assert body
    link = re.search(r"http://\S+/sign-up/confirm/\S+", body.get_content())
    assert link
    await page.goto(link[0])
    await page.get_by_role("button", name="Make my helpdesk").click()
    way_in = page.get_by_role("link", name="Choose your password")
    await expect(way_in).to_be_visible(timeout=30_000)
    await way_in.click()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("The same again").fill(PASSWORD)
    await page.get_by_role("button", name="Set password and sign in").click()
    # On a paid plan its owner adds a second factor before anything else.
    await expect(page).to_have_url(re.compile(rf"http://{slug}\.localhost:{seldesk.port}/account/factors/new"))
    await page.get_by_text("Type the key by hand").click()
    key = (await page.locator("#secret").inner_text()).replace(" ", "")
    await page.get_by_label("Code").fill(pyotp.TOTP(key).now())
    await page.get_by_role("button", name="Add it").click()
    await page.get_by_role("link", name="I have kept them").click()
    await expect(page).to_have_url(re.compile(rf"http://{slug}\.localhost:{seldesk.port}/desk/tickets"))
    assert f"{slug}.localhost" in str(seldesk.letter("Your account at Wind AG", email)["From"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_mail_becomes_a_solved_ticket(seldesk: Installation, browser: Browser, scripts: bool) -> None:
    subject = f"The printer smokes {'again' if scripts else 'still'}"
    thread = f"<{scripts}@cleo.example>"
    context = await browser.new_context(java_script_enabled=scripts)
    page = await context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    await _sign_in(seldesk, page, first=scripts)

    mail = cleos_mail(subject, "It smokes when it prints.\n\nCleo", thread)
    mail.add_attachment(b"secret plan", "text", "plain", filename="plan.txt")
    seldesk.send(mail, "support@acme.localhost")

    await page.goto(f"{seldesk.acme}/desk/tickets?view=unassigned")
    await page.get_by_role("link", name=re.compile(subject)).click()
    await expect(said(page, "It smokes when it prints.")).to_be_visible()
    if scripts:
        await clean(page)
    async with page.expect_download() as download:
        await page.get_by_role("link", name=re.compile("plan.txt")).click()
    assert Path(await (await download.value).path()).read_bytes() == b"secret plan"

    await page.get_by_label("Note").check()
    await page.get_by_label("Text").fill("Smells of toner.")
    await page.get_by_role("button", name="Add note").click()
    await expect(said(page, "Smells of toner.")).to_be_visible()
    await page.get_by_label("Reply").check()
    await page.get_by_label("Text").fill("Please **unplug** it.")
    await page.get_by_role("button", name="Send, wait").click()
    await expect(page.locator("article strong", has_text="unplug")).to_be_visible()
    await expect(page.get_by_label("Status")).to_have_value("waiting")
    await expect(page.get_by_label("Assignee").locator("option:checked")).to_contain_text("Owner")

    reply = seldesk.letter(subject)
    assert "cleo@cleo.example" in reply["To"]
    assert "unplug" in reply.as_string()
    assert "toner" not in reply.as_string()
    again = cleos_mail(f"Re: {subject}", "I did. It still smokes.", f"<again-{scripts}@cleo.example>")
    again["In-Reply-To"] = str(reply["Message-ID"])
    seldesk.send(again, "support@acme.localhost")
    await page.reload()
    await expect(said(page, "I did. It still smokes.")).to_be_visible()
    await expect(page.get_by_label("Status")).to_have_value("open")

    await _requester_answers(browser, reply, scripts)
    await page.reload()
    await expect(said(page, "It burns now.")).to_be_visible()
    await page.get_by_label("Text").fill("The fire brigade is on its way.")
    await page.get_by_role("button", name="Send, solve").click()
    await expect(page.get_by_label("Status")).to_have_value("solved")
    assert problems == []
    await context.close()


async def _sign_in(seldesk: Installation, page: Page, *, first: bool) -> None:
    """The first time by the one-time link, then by password."""
    if first:
        await page.goto(seldesk.welcome)
        await clean(page)
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_label("The same again").fill(PASSWORD)
        await page.keyboard.press("Enter")
    else:
        await page.goto(f"{seldesk.acme}/desk")
        await page.get_by_label("Email").fill("bo@acme.example")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/tickets*")


async def _requester_answers(browser: Browser, reply: EmailMessage, scripts: bool) -> None:
    """By the link in the mail, in a browser of her own, without an account."""
    body = reply.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+/link/\S+", body.get_content())
    assert link is not None
    context = await browser.new_context(java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(link[0])
    await expect(said(page, "Please")).to_be_visible()
    assert "toner" not in await page.content()
    if scripts:
        await clean(page)
    await page.get_by_label("Your answer").fill("It burns now.")
    await page.set_input_files("input[type=file]", {"name": "fire.txt", "mimeType": "text/plain", "buffer": b"flames"})
    await page.get_by_role("button", name="Send").click()
    await expect(said(page, "It burns now.")).to_be_visible()
    await expect(said(page, "fire.txt")).to_be_visible()
    await page.get_by_role("button", name="It is solved").click()
    await expect(page.get_by_text("Solved").first).to_be_visible()
    await context.close()


def test_a_program_works_tickets_with_a_token(seldesk: Installation) -> None:
    made = run("token", "create", "acme", "bo@acme.example", "script", given=seldesk.given)
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    opened = seldesk.rpc(
        token, "tickets.open", subject="By a program", body="Hello", requester_email="cleo@cleo.example"
    )
    number = opened["number"]
    seldesk.rpc(token, "tickets.note", number=number, body="noted")
    seldesk.rpc(token, "tickets.update", number=number, priority="high", tags=["api"])
    seldesk.rpc(token, "tickets.reply", number=number, body="Done.", status="solved")
    read = seldesk.rpc(token, "tickets.read", number=number, messages=True)
    assert (read["status"], read["priority"], read["tags"]) == ("solved", "high", ["api"])
    assert [message["kind"] for message in read["messages"]] == ["message", "note", "message"]
    assert number in [row["number"] for row in seldesk.rpc(token, "tickets.list", view="solved")["items"]]
    names = [method["name"] for method in seldesk.rpc(token, "rpc.discover")["methods"]]
    assert "tickets.reply" in names
    assert "mails.receive" not in names


@pytest.mark.long
def test_the_operators_commands_answer(seldesk: Installation) -> None:
    listed = run("customer", "list", given=seldesk.given)
    assert "acme" in listed.stdout
    doctor = run("doctor", given=seldesk.given)
    assert doctor.returncode == 0, doctor.stdout
    for _ in range(5):
        migrated = run("migrate", given=seldesk.given)
        # Of whom a copy is being made just then: it says so, and is run again.
        if "Run it again" not in migrated.stderr:
            break
        time.sleep(3)
    assert migrated.returncode == 0, migrated.stderr
    taken = run("customer", "create", "acme", "Acme", "--owner", "x@y.example", given=seldesk.given)
    assert taken.returncode == 1
    assert "Another customer has this name" in taken.stderr
    assert "Traceback" not in taken.stderr
