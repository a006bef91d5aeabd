"""What was found: a table for people, figures for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.arithmetic import Figure, Ratio, verdict
from tests.bench.open_loop import Paced
from tests.bench.rounds import LIMIT, MANY, OURS, Measured

WANTED = {
    "queue_ratio": ">= 0.5",
    "ticket_ratio": ">= 0.5",
    "search_ratio": ">= 0.5",
    "create_ratio": ">= 0.3",
    "reply_ratio": ">= 0.3",
    "queue_sql": "<= 6",
    "search_sql": "<= 6",
    "ticket_sql": "<= 8",
    "reply_sql": "<= 12",
    "queue_p99_over_p50": "<= 2.5",
    "growth_1m": "<= 1.5",
    "search_1m_ms": "<= 50",
    "idle_1000_mb": "<= 120",
    "signin_ratio": ">= 0.7",
    "signin_slowdown": "<= 2",
    "live_500_mb": "<= 100",
}


def ratios(measured: Iterable[Measured]) -> dict[str, Ratio]:
    """At 16 connections, ours to the limit's and to a peer's; of several kinds of one page the worst."""
    found: dict[str, Ratio] = {}
    for one in measured:
        for who in set(one.samples) - {OURS} if one.connections == MANY else ():
            name, seen = f"{_prefix(who)}{one.operation.figure}_ratio", one.ratio(who)
            found[name] = min(found.get(name, seen), seen, key=lambda each: each.median)
    return dict(sorted(found.items()))


def statements(measured: Iterable[Measured]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in measured:
        for who, number in one.statements.items():
            name = f"{_prefix(who)}{one.operation.figure}_sql"
            found[name] = max(found.get(name, 0), number)
    return found


def _prefix(who: str) -> str:
    return "" if who in (OURS, LIMIT) else "peer_"


def median_of(figure: Figure) -> float:
    return figure.median if isinstance(figure, Ratio) else figure


def show(
    console: Console, measured: Sequence[Measured], figures: Mapping[str, Figure], paced: Sequence[Paced] = ()
) -> None:
    table = Table(
        "operation",
        "c",
        "",
        *("req/s", "p50 ms", "p99 ms", "bytes", "SQL", "seldesk to it"),
        caption=_generator(measured),
    )
    for one in measured:
        for who in one.order:
            slowest, compared = one.p99(who), None if who == OURS else one.ratio(who)
            table.add_row(
                *((one.operation.name, str(one.connections)) if who == OURS else ("", "")),
                who,
                f"{one.rate(who):,.0f}",
                f"{one.p50(who):.1f}",
                "-" if slowest is None else f"{slowest:.1f}",
                f"{one.bytes(who):,.0f}",
                f"{one.statements[who]:g}" if who in one.statements else "",
                f"{compared.median:.2f} ({compared.lowest:.2f} to {compared.highest:.2f})" if compared else "",
            )
    console.print(table)
    if paced:
        console.print(_open_loop(paced))
    listed = Table("figure", "is", "in rounds", "wanted", "")
    for name, figure in figures.items():
        rounds = f"{figure.lowest:.3g} to {figure.highest:.3g}" if isinstance(figure, Ratio) else ""
        listed.add_row(name, f"{median_of(figure):.3g}", rounds, WANTED.get(name, ""), _verdict(name, figure))
    console.print(listed)


def _open_loop(paced: Sequence[Paced]) -> Table:
    columns = ("p50 ms", "p99 ms", "sender late, p99 ms", "sender's processor", "")
    table = Table("open loop", "req/s", "", *columns, caption="The same for both: half of what the slower one can do.")
    for one in paced:
        for who in one.order:
            slowest = one.p99(who)
            table.add_row(
                *((one.operation.name, f"{one.due:,.0f}") if who == OURS else ("", "")),
                who,
                f"{one.p50(who):.1f}",
                "-" if slowest is None else f"{slowest:.1f}",
                f"{one.late(who):.2f}",
                f"{one.cpu(who):.0%}",
                "" if one.decided(who) else "undecided",
            )
    return table


def _verdict(name: str, figure: Figure) -> str:
    return verdict(WANTED.get(name, ""), median_of(figure), figure if isinstance(figure, Ratio) else None)


def write(file: Path, figures: Mapping[str, Figure], measured: Sequence[Measured], paced: Sequence[Paced] = ()) -> None:
    """spread: the median, the lowest and the highest of the rounds."""
    detailed = [
        {
            "operation": one.operation.name,
            "connections": one.connections,
            **{who: _seen(one, who) for who in one.order},
        }
        for one in measured
    ]
    content = {
        "figures": {name: median_of(figure) for name, figure in figures.items()},
        "spread": {
            name: [one.median, one.lowest, one.highest] for name, one in figures.items() if isinstance(one, Ratio)
        },
        "verdicts": {name: said for name, figure in figures.items() if (said := _verdict(name, figure))},
        "operations": detailed,
        "open_loop": [
            {
                "operation": one.operation.name,
                "per_second": one.due,
                **{who: _timed(one, who) for who in one.order},
            }
            for one in paced
        ],
        "wrk_cpu": _cpu(measured),
    }
    file.write_text(json.dumps(content, indent=2) + "\n")


def _seen(one: Measured, who: str) -> dict[str, object]:
    """ratio: the median, the lowest and the highest of the rounds, of ours to it."""
    compared = None if who == OURS else one.ratio(who)
    return {
        "per_second": one.rate(who),
        "p50_ms": one.p50(who),
        "p99_ms": one.p99(who),
        "bytes": one.bytes(who),
        "statements": one.statements.get(who),
        "ratio": [compared.median, compared.lowest, compared.highest] if compared else None,
    }


def _timed(one: Paced, who: str) -> dict[str, object]:
    return {
        "p50_ms": one.p50(who),
        "p99_ms": one.p99(who),
        "sender_late_p99_ms": one.late(who),
        "sender_cpu": one.cpu(who),
        "decided": one.decided(who),
    }


def _cpu(measured: Sequence[Measured]) -> dict[str, float]:
    each = [sample.cpu for one in measured for samples in one.samples.values() for sample in samples]
    return {"mean": sum(each) / len(each), "most": max(each)}


def _generator(measured: Sequence[Measured]) -> str:
    cpu = _cpu(measured)
    return (
        f"wrk itself used {cpu['mean']:.0%} of one processor, {cpu['most']:.0%} at most. "
        "p99 only of 1,000 requests or more."
    )
