"""A workshop of two hundred people over real HTTP: how soon one's card is on everyone's screen, and what a dead network
and a killed server do to it.

    python -m benchmarks.workshop [people]
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.server import free_port
from tests.workshop.crowd import Member, Server
from tests.workshop.rooms import facilitating

from childdev.workshop.state import Change, Event, replay

PEOPLE = 200
CARDS = 200
PER_SECOND = 8
ROLES = ("parent-carer", "health-visitor", "teacher", "social-worker", "young-person")


def main(people: int = PEOPLE) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "var", free_port())
        server.start()
        try:
            with facilitating(server.address, server.data) as facilitator:
                asyncio.run(_play(server, facilitator.code, people))
        finally:
            server.stop()


async def _play(server: Server, code: str, people: int) -> None:
    crowd = [Member(server.port, code) for _ in range(people)]
    started = time.perf_counter()
    for n, member in enumerate(crowd):
        await member.join(ROLES[n % len(ROLES)])
        member.follow()
    print(f"{people} people joined in {time.perf_counter() - started:.1f} s")
    await asyncio.gather(*(m.caught_up(people + 2) for m in crowd))
    sent = await _cards(crowd, CARDS)
    _told("all connected", crowd, sent)
    cutting = asyncio.create_task(_cut(crowd, 60))
    sent |= (dropped := await _cards(crowd, CARDS))
    await cutting
    await _all_seen(crowd, dropped)
    _told("connections cut at random", crowd, dropped, cut=True)
    sending = asyncio.create_task(_cards(crowd, CARDS))
    await asyncio.sleep(CARDS / PER_SECOND / 2)
    server.kill()
    down = time.perf_counter()
    await asyncio.to_thread(server.start)
    print(f"killed (kill -9) and up again after {time.perf_counter() - down:.1f} s")
    sent |= await sending
    await _all_seen(crowd, sent)
    _converged(crowd, sent)
    await asyncio.gather(*(m.leave() for m in crowd))


async def _cards(crowd: list[Member], count: int) -> dict[str, float]:
    """Cards of random people at an even pace; gives when each was sent."""
    tasks = []
    for n in range(count):
        tasks.append(asyncio.create_task(random.choice(crowd).card(f"Something that helps, number {n}")))
        await asyncio.sleep(1 / PER_SECOND)
    return dict(await asyncio.gather(*tasks))


async def _cut(crowd: list[Member], count: int) -> None:
    for _ in range(count):
        random.choice(crowd).cut()
        await asyncio.sleep(CARDS / PER_SECOND / count)


async def _all_seen(crowd: list[Member], sent: dict[str, float]) -> None:
    for _ in range(1200):
        if all(sent.keys() <= m.seen.keys() for m in crowd):
            return
        await asyncio.sleep(0.1)


def _told(what: str, crowd: list[Member], sent: dict[str, float], cut: bool = False) -> None:
    each = [(m.seen[i] - at) * 1000 for i, at in sent.items() for m in crowd if i in m.seen]
    last = [max(m.seen.get(i, at + 9) - at for m in crowd) * 1000 for i, at in sent.items()]
    p = statistics.quantiles
    print(
        f"{what:28} one screen: p50 {p(each, n=20)[9]:6.1f}  p95 {p(each, n=20)[-1]:6.1f} ms   "
        f"the last of all screens: p50 {p(last, n=20)[9]:6.1f}  p95 {p(last, n=20)[-1]:6.1f} ms"
        + (f"   ({sum(m.reconnects for m in crowd)} came back)" if cut else "")
    )


def _converged(crowd: list[Member], sent: dict[str, float]) -> None:
    """Whether everyone has every event once, in order, and the same state."""
    last = max(m.sequences[-1] for m in crowd)
    whole = sum(m.sequences == list(range(1, last + 1)) for m in crowd)
    states = set()
    for m in crowd[:: max(1, len(crowd) // 20)]:
        events = [
            Event(e["sequence"], e["id"], e["at"], e["by"], e["kind"], tuple(_change(c) for c in e["patch"]))
            for e in m.events()
        ]
        state = replay(events)
        states.add(hash(repr(state)))
        lost = sent.keys() - state["cards"].keys()
        doubled = len(state["cards"]) - len(sent)
    print(
        f"{last} events: {whole} of {len(crowd)} people have each once and in order; {len(lost)} cards lost, "
        f"{doubled} doubled; {len(states)} state{'s' if len(states) > 1 else ''} among them"
    )


def _change(given: dict[str, object]) -> Change:
    path = given["path"]
    assert isinstance(path, list)
    return Change(tuple(path), given["before"], given["after"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
