import asyncio
import io
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from selectors import SelectorKey, SelectSelector

import pytest
from rich.console import Console

import orm
from orm.provision.connection import connect
from seldesk.methods.desk import tickets
from seldesk.models import desk as models
from tests.bench import explaining, load, memory, open_loop, report, vocabulary
from tests.bench.access.console import console
from tests.bench.arithmetic import Figure, Ratio, p99, percentile, pooled, ratio, verdict
from tests.bench.backup import report as backup_report
from tests.bench.backup.run import Found
from tests.bench.backup.watching import SEALER, Peaks, most_mb, watching
from tests.bench.checking import count, still
from tests.bench.load import ONCE, Sample
from tests.bench.operations import Operation
from tests.bench.pacing import Passed, Sender, pace
from tests.bench.peer import past
from tests.bench.place import Place
from tests.bench.rounds import LIMIT, OURS, Measured
from tests.bench.rows import Rows, speak_json
from tests.bench.seed import STATES, seed
from tests.world import World

OUTPUT = """Running 1s test @ http://127.0.0.1:9/
  2 threads and 16 connections
{"requests":4,"microseconds":2000000,"bytes":800,"failed":1,"latency":[[1500,3],[90000,1]]}
"""


def test_what_wrk_tells_is_read() -> None:
    sample = load.read(OUTPUT, 0.5)
    assert (sample.requests, sample.bytes, sample.failed, sample.rate, sample.cpu) == (4, 800, 1, 2.0, 0.25)
    assert sample.latency == Counter({1500: 3, 90000: 1})
    with pytest.raises(ValueError, match="unable to connect"):
        load.read("unable to connect", 0)


def test_ratios_compare_what_was_measured_in_the_same_round() -> None:
    found = ratio([10, 100, 1], [20, 100, 4])
    assert (found.median, found.lowest, found.highest) == (0.5, 0.25, 1.0)


def test_percentiles_are_of_all_rounds_and_the_slowest_hundredth_needs_a_thousand() -> None:
    rounds = [Counter({1000: 500}), Counter({1000: 480, 50_000: 20})]
    together = pooled(rounds)
    assert percentile(together, 0.5) == 1.0
    assert p99(together) == 50.0
    assert p99(rounds[0]) is None


def test_a_peer_is_compared_round_by_round_as_the_limit_is() -> None:
    one = Measured(Operation("queue page", "queue", 200, b"", []), 16, statements={OURS: 4, "other": 155})
    for who, rates in ((OURS, [80, 60]), (LIMIT, [100, 100]), ("other", [8, 5])):
        one.samples[who] = [Sample(rate, 1.0, 0, 0, 0.0, Counter({1000: rate})) for rate in rates]
    found = report.ratios([one])
    assert {name: each.median for name, each in found.items()} == {"peer_queue_ratio": 11.0, "queue_ratio": 0.7}
    assert report.statements([one]) == {"peer_queue_sql": 155, "queue_sql": 4}


def test_a_goal_is_reached_missed_or_undecided_where_the_rounds_disagree() -> None:
    assert verdict(">= 0.5", 0.7, Ratio(0.7, 0.51, 0.9)) == verdict("<= 6", 6) == verdict("0", 0) == "reached"
    assert verdict(">= 0.5", 0.4, Ratio(0.4, 0.3, 0.49)) == verdict("<= 6", 7) == verdict("0", 1) == "missed"
    assert verdict(">= 0.5", 0.55, Ratio(0.55, 0.45, 0.6)) == verdict("<= 2", 1.9, Ratio(1.9, 1.7, 2.1)) == "undecided"
    assert verdict("", 7) == ""


def test_the_table_says_whether_each_goal_is_reached() -> None:
    one = Measured(Operation("queue page", "queue", 200, b"", []), 16, statements={OURS: 4})
    for who, rates in ((OURS, [55, 45, 60]), (LIMIT, [100, 100, 100])):
        one.samples[who] = [Sample(rate, 1.0, 0, 0, 0.0, Counter({1000: rate})) for rate in rates]
    printed = Console(file=io.StringIO(), width=200)
    report.show(printed, [one], {**report.ratios([one]), "queue_sql": 4, "idle_1000_mb": 130})
    lines = [line.split() for line in printed.file.getvalue().splitlines()]  # type: ignore[attr-defined]  # it is ours
    said = {words[1]: words[-2] for words in lines if len(words) > 3 and "_" in words[1]}
    assert said == {"queue_ratio": "undecided", "queue_sql": "reached", "idle_1000_mb": "missed"}


def test_programs_are_told_the_spread_and_whether_each_goal_is_reached(tmp_path: Path) -> None:
    one = Measured(Operation("queue page", "queue", 200, b"", []), 16)
    one.samples[OURS] = [Sample(55, 1.0, 0, 0, 0.0, Counter({1000: 55}))]
    figures: dict[str, Figure] = {"queue_ratio": Ratio(0.55, 0.45, 0.6), "queue_sql": 4, "queue_open_p99_ms": 70}
    report.write(tmp_path / "figures.json", figures, [one])
    told = json.loads((tmp_path / "figures.json").read_text())
    assert told["figures"] == {"queue_ratio": 0.55, "queue_sql": 4, "queue_open_p99_ms": 70}
    assert told["spread"] == {"queue_ratio": [0.55, 0.45, 0.6]}
    assert told["verdicts"] == {"queue_ratio": "undecided", "queue_sql": "reached"}


def test_what_stays_connected_is_no_drained_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as asking:
            answering, _ = server.accept()
            asking.shutdown(socket.SHUT_WR)  # it waits for the server to close
            with pytest.raises(RuntimeError, match=str(port)):
                load.drain([port], within=0.1)
            answering.close()
        load.drain([port])


async def test_forms_that_were_answered_and_wrote_nothing_end_the_run(world: World, tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.readuntil(b"form")
            writer.write(b"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()

    created = Operation("create", "create", 303, b"", [b"a form"], grows=(world.acme.database, "app.tickets"))
    made = Place(world.server, tmp_path, {})
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        before = await asyncio.to_thread(count, made, created)
        await asyncio.to_thread(still, made, created, port, before, 0)
        with pytest.raises(RuntimeError, match="1 answers, but 0 rows"):
            await asyncio.to_thread(still, made, created, port, before, 1)


class Jumping(SelectSelector):
    """Nothing is waited for: the clock is put forward instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        found = super().select(0)
        if not found:
            self.now += timeout or 0
        return found


class FakeTime(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = Jumping()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def passed(ask: Callable[[FakeTime, int], Awaitable[bool]], number: int) -> Passed:
    """Ten a second, by a clock that is put forward."""
    with asyncio.Runner(loop_factory=FakeTime) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, FakeTime)
        return runner.run(pace(lambda position: ask(loop, position), 10, number))


def test_requests_leave_at_their_times_whatever_came_back() -> None:
    left: list[float] = []

    async def ask(loop: FakeTime, position: int) -> bool:
        left.append(round(loop.time(), 6))
        await asyncio.sleep(7 if position == 1 else 0.02)
        return position != 4

    found = passed(ask, 6)
    assert left == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert found.latency == Counter({20_000: 4, 7_000_000: 1})
    assert (found.failed, found.late) == (1, Counter({0: 6}))


def test_what_waits_for_a_slow_answer_is_timed_from_when_it_was_due() -> None:
    one_at_a_time = asyncio.Lock()

    async def ask(_: FakeTime, position: int) -> bool:
        async with one_at_a_time:
            await asyncio.sleep(0.35 if position == 0 else 0.05)
        return True

    assert passed(ask, 6).latency == Counter({350_000: 1, 300_000: 1, 250_000: 1, 200_000: 1, 150_000: 1, 100_000: 1})


def test_a_sender_that_was_held_up_tells_how_late_it_was() -> None:
    async def ask(loop: FakeTime, position: int) -> bool:
        if position == 1:
            loop.clock.now += 0.25
        return True

    found = passed(ask, 5)
    assert found.late == Counter({0: 3, 150_000: 1, 50_000: 1})
    assert found.latency == Counter({0: 2, 250_000: 1, 150_000: 1, 50_000: 1})


async def test_no_request_waits_for_the_answer_to_another_and_no_key_is_sent_twice() -> None:
    seen: list[bytes] = []
    serving: list[asyncio.Task[None] | None] = []
    last = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        with closing(writer), suppress(asyncio.IncompleteReadError):
            while True:
                seen.append(await reader.readexactly(len(ONCE) + 4))
                if len(seen) == 3:
                    last.set()
                await last.wait()
                status = b"200 OK" if len(seen) < 4 else b"503 Busy"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 6\r\n\r\nmarker")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    operation = Operation("create", "create", 200, b"marker", [f"key {ONCE}".encode()])
    async with server, AsyncExitStack() as stack:
        sender = Sender(operation, [port], stack)
        await sender.connect(1)
        assert await asyncio.gather(*map(sender.ask, range(3))) == [True, True, True]
        assert not await sender.ask(3)
    await asyncio.wait(filter(None, serving))
    assert len(set(seen)) == 4
    assert len(serving) == 3


def test_a_late_sender_leaves_it_undecided() -> None:
    paced = open_loop.Paced(Operation("queue page", "queue", 200, b"", []), 16, due=50)
    paced.samples[OURS] = [
        Sample(1000, 20.0, 0, 0, 0.1, Counter({4_000: 980, 30_000: 20}), late=Counter({100: 995, 9_000: 5}))
    ]
    assert open_loop.figures([paced]) == {"queue_open_p50_ms": 4.0, "queue_open_p99_ms": 30.0}
    paced.samples[OURS] = [Sample(1000, 20.0, 0, 0, 0.1, Counter({4_000: 1000}), late=Counter({100: 980, 1_100: 20}))]
    assert open_loop.figures([paced]) == {}
    paced.samples[OURS] = [Sample(999, 20.0, 0, 0, 0.1, Counter({4_000: 999}), late=Counter({100: 999}))]
    assert open_loop.figures([paced]) == {"queue_open_p50_ms": 4.0}


def test_both_are_paced_by_what_the_slower_one_can_do() -> None:
    one = Measured(Operation("queue page", "queue", 200, b"", []), 16)
    for who, rates in ((OURS, [80, 60, 100]), (LIMIT, [100, 120, 90])):
        one.samples[who] = [Sample(rate, 1.0, 0, 0, 0.0, Counter({1000: rate})) for rate in rates]
    assert open_loop.half(one) == 40


PLAN = """
    {"Node Type": "Limit", "Actual Rows": 50.0, "Actual Loops": 1, "Shared Hit Blocks": 80, "Shared Read Blocks": 20,
     "Plans": [
       {"Node Type": "Nested Loop", "Actual Rows": 50, "Actual Loops": 1, "Shared Hit Blocks": 80,
        "Shared Read Blocks": 20, "Plans": [
          {"Node Type": "Bitmap Heap Scan", "Relation Name": "tickets", "Actual Rows": 50, "Actual Loops": 1,
           "Rows Removed by Index Recheck": 7, "Rows Removed by Filter": 3, "Shared Hit Blocks": 10,
           "Shared Read Blocks": 20, "Plans": [
             {"Node Type": "Bitmap Index Scan", "Index Name": "by_words", "Actual Rows": %d, "Actual Loops": 1,
              "Shared Hit Blocks": 4, "Shared Read Blocks": 0}]},
          {"Node Type": "Index Scan", "Relation Name": "people", "Index Name": "people_pkey", "Actual Rows": 1,
           "Actual Loops": 50, "Shared Hit Blocks": 70, "Shared Read Blocks": 0}]}]}
"""


def test_growth_is_what_plans_read() -> None:
    small, large = (explaining.read(json.loads(PLAN % found)) for found in (60, 230))
    assert (small, large) == (explaining.Read(170, 100), explaining.Read(340, 100))
    found = explaining.growth({"queue": small, "ticket": large}, {"queue": large, "ticket": large})
    assert found == {
        "growth_rows": 2.0,
        "growth_rows_queue": 2.0,
        "growth_rows_ticket": 1.0,
        "growth_buffers": 1.0,
        "growth_buffers_queue": 1.0,
        "growth_buffers_ticket": 1.0,
    }


async def test_the_most_that_a_process_held_is_seen_from_beside(tmp_path: Path) -> None:
    sealer, peaks = tmp_path / SEALER, Peaks()
    sealer.write_text("held = bytearray(40_000_000)\ndel held\nimport time\ntime.sleep(0.3)\n")
    async with watching(os.getpid(), peaks):
        process = await asyncio.create_subprocess_exec(sys.executable, "-I", str(sealer))
        await process.wait()
    assert 40 < peaks.sealing < 80
    assert peaks.beside > 10
    assert most_mb(process.pid) == 0


def test_figures_of_copies_are_told_with_their_spread_and_the_load(tmp_path: Path) -> None:
    found = [Found("copy_ratio", 1.5, ratio([3, 4], [2, 2]), 0.2), Found("copies_kept", 24, None, 0.1)]
    backup_report.write(tmp_path / "figures.json", found)
    told = json.loads((tmp_path / "figures.json").read_text())
    assert told["figures"] == {"copy_ratio": 1.5, "copies_kept": 24}
    assert told["spread"] == {"copy_ratio": [1.75, 1.5, 2.0]}
    assert told["load"] == {"copy_ratio": 0.2, "copies_kept": 0.1}


def test_how_many_tickets_have_a_word_is_known() -> None:
    tickets = 1_100
    said = [set(vocabulary.words(vocabulary.text(number, 0))) for number in range(1, tickets + 1)]
    for query in (*vocabulary.COMMON, *vocabulary.MID, *vocabulary.RARE, *vocabulary.ABSENT, "please invoice"):
        assert vocabulary.known(query, tickets) == sum(set(query.split()) <= words for words in said), query


def test_a_peer_has_as_many_messages_with_the_same_texts() -> None:
    for number in range(20):
        messages = list(past.messages(number, datetime(2026, 3, 1, tzinfo=UTC)))
        assert [row[2] for row in messages] == [vocabulary.text(number, turn) for turn in range(STATES[number % 10][1])]


def test_a_column_without_a_default_is_missed() -> None:
    with pytest.raises(KeyError, match=r"tickets\.subject"):
        Rows(models.Ticket).row({"id": None})


async def test_customers_who_are_only_known_are_like_the_one_that_is_there(world: World) -> None:
    async with connect(world.server.superuser, world.app.settings.database.control) as connection:
        await connection.execute(memory.OTHERS, 3, "acme")
        of_each = "select count(*), count(distinct state), count(distinct database) from control.customers"
        assert tuple(await connection.fetchrow(of_each)) == (4, 1, 4)
        await connection.execute(memory.FORGET)


async def test_rows_that_a_scan_leaves_out_were_read_too(world: World) -> None:
    async with connect(world.server.superuser, world.acme.database) as connection:
        await seed(connection, 64, datetime(2026, 3, 1, tzinfo=UTC))
        await speak_json(connection)
        asked = "select id from app.tickets where subject = $1"
        found = await explaining.explained(connection, asked, "Nobody says this")
    assert found.rows == 64
    assert found.buffers > 0


async def test_the_seeded_past_is_one_that_the_methods_could_have_written(world: World, tmp_path: Path) -> None:
    async with connect(world.server.superuser, world.acme.database) as connection:
        await seed(connection, 64, datetime(2026, 3, 1, tzinfo=UTC))
    ann = world.acme.by_token("ann")
    listed = await ann(tickets.list, size=100)
    assert len(listed.items) == 64
    assert sum(row.status in ("new", "open", "waiting") for row in listed.items) in range(31, 34)
    for row in listed.items:
        ticket = await ann(tickets.read, number=row.number, messages=True)
        assert ticket.messages is not None
        assert ticket.last_message == ticket.messages[-1].id
        assert row.preview == " ".join(ticket.messages[-1].text.split())[: len(row.preview)]
    mid = await ann(tickets.search, query=vocabulary.MID[1])
    assert [hit.number for hit in mid.items] == [32]
    assert (await ann(tickets.search, query=vocabulary.ABSENT[0])).items == []
    written = await ann(tickets.open, subject="Next", body="One more.", requester_email="requester3@customers.example")
    assert written.number == 65
    # The words of a ticket are those that the model itself would have kept, in the same places.
    seeded = "select words::text from app.ticket_search join app.tickets on id = ticket_id where number = 7"
    (before,) = await world.rows(world.acme, seeded)
    await _rewrite(world, 7)
    assert await world.rows(world.acme, seeded) == [before]


async def _rewrite(world: World, number: int) -> None:
    """The words of this ticket, written anew message by message."""
    ticket = await world.acme.by_token("ann")(tickets.read, number=number, messages=True)
    app = world.app
    async with app.customers.transaction(world.acme.slug):
        row = await models.Ticket.where(models.Ticket.number == number).one()
        await models.Searchable.where(models.Searchable.ticket_id == row.id).delete()
        requester = ticket.requester
        models.Searchable.begin(row.id, row.subject, f"{requester.name} {requester.email}")
        for message in ticket.messages or []:
            await models.Searchable.extend(row.id, message.text, note=message.kind == "note")
        await orm.flush()


@pytest.mark.long
async def test_every_page_of_the_console_costs_little_beside_a_thousand_customers() -> None:
    found = await console(customers=1_000)
    assert {path: one for path, one in found.items() if one.statements > 8 or one.rows > 300} == {}
