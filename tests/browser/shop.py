"""A small shop as a file of events: accounts, addresses, money, and one thing that is plainly wrong."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

PEOPLE = 900
BEGIN = datetime(2025, 1, 6, 8, tzinfo=UTC)
DAYS = 84
COLUMNS = ("person", "event", "time", "revenue", "email", "plan", "device", "account_id")
STEPS = ("Visit", "Look", "Cart", "Pay")


def lately() -> datetime:
    """Return a beginning with which the last events are of these days."""
    return datetime.now(UTC).replace(hour=8, minute=0, second=0) - timedelta(days=DAYS + 36)


def write(folder: Path, begin: datetime = BEGIN) -> Path:
    """Write the shop's events, always the same from their beginning on; people on an old phone pay much more seldom."""
    file = folder / "shop.csv"
    rows = [row for k in range(PEOPLE) for row in _journey(k, random.Random(k), begin)]
    rows.sort(key=lambda row: (row[2], row[0]))
    with file.open("w", newline="") as text:
        made = csv.writer(text)
        made.writerow(COLUMNS)
        made.writerows(rows)
    return file


def _journey(k: int, draw: random.Random, begin: datetime) -> list[tuple[str, ...]]:
    plan = draw.choice(("solo", "team"))
    device = draw.choices(("laptop", "old phone"), (3, 1))[0]
    known = (f"p{k:03}@shop.example", plan, device, f"a{k // 6:02}" if plan == "team" else "")
    now = begin + timedelta(days=draw.uniform(0, DAYS), hours=draw.uniform(0, 9))
    rows = []
    for _ in range(draw.choice((1, 1, 2, 3))):
        for place, step in enumerate(STEPS):
            paid = f"{draw.randint(20, 90)}.00" if step == "Pay" else ""
            rows.append((f"p{k:03}", step, now.strftime("%Y-%m-%dT%H:%M:%SZ"), paid, *known))
            now += timedelta(minutes=draw.uniform(1, 20))
            on = (
                0.3 if device == "old phone" and step == "Cart" else (0.8, 0.65, 0.7)[min(place, 2)]
            )
            if draw.random() > on:
                break
        now += timedelta(days=draw.uniform(2, 12))
    return rows
