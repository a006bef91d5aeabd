"""A busy day at Acme: every list is as long as it gets, and so are names and words."""

import random
from dataclasses import replace
from typing import Any

from seldesk.methods.desk.shapes.desk import Hits, Piece, Profile, Queue, SearchPage, Tagged, Tickets
from seldesk.methods.desk.shapes.mails import Failures
from seldesk.methods.desk.shapes.people import Party
from seldesk.methods.desk.shapes.requests import Requests
from seldesk.methods.desk.shapes.tickets import Event, FileRow, Message, TicketPage
from tests.web import own, panel, story
from tests.web.stage import answers

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf"
WORDS = (
    "Good morning, the printer in the hall of our branch in Bremen has been smoking since {0} o'clock. We switched it "
    "off and on {0} times, took the paper out, and read the manual up to page {0}, where it says that the fuser may be "
    "worn after {0} thousand pages. Order {0}-2026 is still open, and the invoice names machine {0} of the contract. "
    "Could somebody call me back on extension {0}? Kind regards, Omar"
)


def rows() -> list[Any]:
    few = story.rows()
    return [
        replace(
            few[at % len(few)],
            number=4_900_000 - at,
            subject=f"{few[at % len(few)].subject} {LONG if at % 5 == 0 else at}",
            preview=WORDS.format(at)[:160],
            tags=["billing", "hardware", LONG[:50]] if at % 3 == 0 else ["billing"],
            requester=LONG if at == 1 else f"Grete Müller-Lüdenscheidt the {at}th",
            assignee=f"{story.ANN.name} {LONG}" if at % 2 else None,
        )
        for at in range(50)
    ]


def messages() -> list[Message]:
    made, chance = [], random.Random(7)
    for at in range(50):
        # The words in another order each time: what repeats itself would weigh less than what people write.
        said = chance.choices(WORDS.format(at).split(), k=110)
        text = f"{' '.join(said)}\n\n{LONG * 3 if at == 7 else WORDS.format(at + 1)}"
        agents = at % 3 == 1
        made.append(
            story.message(
                f"busy{at}",
                side="agent" if agents else "requester",
                kind="note" if at % 6 == 1 else "message",
                author=story.ANN.name if agents else f"Omar {LONG}",
                text=text,
                visible_end=len(text),
                markdown=f"<p>{text}</p><pre><code>{LONG * 4}</code></pre>" if agents else None,
                html=at % 4 == 0,
                created_at=story.ago(minutes=500 - at),
                by_staff=agents and at % 4 == 1,
                files=[FileRow(story.id_of(f"f{at}"), f"{LONG}.pdf", "application/pdf", 10**at % 10**8)]
                * (at % 7 == 0),
            )
        )
    return made


def events() -> list[Event]:
    return [
        replace(one, id=story.id_of(f"e{at}"), created_at=story.ago(minutes=400 - at), by_staff=at % 4 == 2)
        for at, one in enumerate(story.events() * 10)
    ]


def full() -> dict[str, Any]:
    agents = [
        Party(story.id_of(f"a{at}"), f"Agent {at} {LONG if at == 3 else ''}", f"a{at}@x.example") for at in range(40)
    ]
    tags = [Tagged(f"tag-{at}-{LONG[: at % 30]}") for at in range(60)]
    listed, usual = Tickets(rows(), "next", "previous"), answers()
    queue, page, desk = usual["tickets.queue"], usual["tickets.page"], replace(story.desk(), customer=f"Acme {LONG}")

    def shown(asked: dict[str, Any]) -> TicketPage:
        still: TicketPage = page(asked)
        ticket = replace(still.ticket, subject=f"{LONG} {WORDS.format(1)}"[:255], tags=[one.name for one in tags[:50]])
        return replace(
            still, desk=desk, ticket=ticket, messages=messages(), agents=agents, tags=tags,
            queue=replace(listed, items=listed.items[:25]), events=events(),
        )  # fmt: skip

    def listing(asked: dict[str, Any]) -> Queue:
        still: Queue = queue(asked)
        return replace(still, desk=desk, tickets=listed, agents=agents, tags=tags)

    asked = [
        replace(row, number=4_900_000 - at, subject=f"{row.subject} {LONG}")
        for at, row in enumerate((story.request_rows() * 20)[:20])
    ]
    hits = [
        replace(
            hit, number=4_900_000 - at, subject=[Piece(LONG, found=at % 2 == 0)], requester=f"{hit.requester} {LONG}"
        )
        for at, hit in enumerate((story.hits() * 20)[:50])
    ]
    person = usual["contacts.page"]
    return usual | {
        "tickets.page": shown,
        "tickets.queue": listing,
        "search.page": SearchPage(desk, f"invoice {LONG}", Hits(hits, "next")),
        "contacts.page": replace(
            person,
            desk=desk,
            tickets=listed,
            contact=replace(person.contact, name=f"Omar {LONG}", email=f"{LONG.lower()}@x.example"),
        ),
        "mails.failures": Failures(
            desk, [replace(one, sender=f"{LONG.lower()}@x.example") for one in story.failures() * 25], "next"
        ),
        "profile.page": Profile(desk, story.sessions() * 10, ["assigned", "mentioned"], own.way_in(story.HOSTILE)),
        "requests.list": Requests(story.requester(), asked, "next", "previous"),
        "requests.read": replace(
            usual["requests.read"],
            subject=f"{LONG} {WORDS.format(1)}"[:255],
            messages=[one for one in messages() if one.kind == "message"],
        ),
        **panel.full(LONG),
    }
