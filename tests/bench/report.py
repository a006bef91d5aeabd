"""What was found: a table for people, figures for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.arithmetic import Ratio, verdict
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


def ratios(measured: Iterable[Measured]) -> dict[str, float]:
    """At 16 connections, ours to the limit's and to a peer's; of several kinds of one page the worst."""
    return {name: one.median for name, one in spreads(measured).items()}


def spreads(measured: Iterable[Measured]) -> dict[str, Ratio]:
    """Of the same figures: with the lowest and the highest round."""
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


def show(console: Console, measured: Sequence[Measured], figures: Mapping[str, float]) -> None:
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
    listed, rounds = Table("figure", "is", "wanted", ""), spreads(measured)
    for name, value in figures.items():
        wanted = WANTED.get(name, "")
        listed.add_row(name, f"{value:.3g}", wanted, verdict(wanted, value, rounds.get(name)))
    console.print(listed)


def write(file: Path, figures: Mapping[str, float], measured: Sequence[Measured]) -> None:
    detailed = [
        {
            "operation": one.operation.name,
            "connections": one.connections,
            **{who: _seen(one, who) for who in one.order},
        }
        for one in measured
    ]
    content = {"figures": dict(figures), "operations": detailed, "wrk_cpu": _cpu(measured)}
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


def _cpu(measured: Sequence[Measured]) -> dict[str, float]:
    each = [sample.cpu for one in measured for samples in one.samples.values() for sample in samples]
    return {"mean": sum(each) / len(each), "most": max(each)}


def _generator(measured: Sequence[Measured]) -> str:
    cpu = _cpu(measured)
    return (
        f"wrk itself used {cpu['mean']:.0%} of one processor, {cpu['most']:.0%} at most. "
        "p99 only of 1,000 requests or more."
    )
