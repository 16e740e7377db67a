"""Figures as the text that Prometheus reads: names, what they mean, and labels of a few fixed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Literal

from pathworth import run
from pathworth.web.operations.counted import LIMITS, Counts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Mapping[str, str]
Sample = tuple[Labels, float | None]


def exposition(held: run.Figures, counts: Counts) -> str:
    """Return all figures; none of their labels holds an id, a key or anything else that somebody sent."""
    return "\n".join([*_workspace(held), *_intake(held, counts), *_requests(counts)]) + "\n"


def family(
    name: str,
    says: str,
    samples: Iterable[Sample],
    kind: Literal["gauge", "counter"] = "gauge",
) -> Iterator[str]:
    """Yield a family's lines; a sample without a value is left out."""
    yield f"# HELP pathworth_{name} {says}"
    yield f"# TYPE pathworth_{name} {kind}"
    for labels, value in samples:
        if value is not None:
            yield f"pathworth_{name}{_labels(labels)} {_number(value)}"


def _one(name: str, says: str, value: float | None) -> Iterator[str]:
    return family(name, says, [({}, value)])


def _workspace(held: run.Figures) -> Iterator[str]:
    yield from _one("events", "Events in the newest snapshot.", held.events)
    yield from _one("entities", "People in the newest snapshot.", held.entities)
    yield from _one("seq", "Number of the last event in the newest snapshot.", held.seq)
    yield from _one("waiting_batches", "Batches that wait to be numbered.", held.batches)
    yield from _one("waiting_events", "Numbered events that wait for the lake.", held.waiting)
    yield from _one(
        "behind_seconds", "Age of the oldest batch that no answer counts.", held.behind_s
    )
    yield from _one(
        "stuck",
        "1 while an event waits until the shards are written anew.",
        int(held.stuck),
    )
    yield from _one(
        "quarantined", "Parts of batches that could not be read, kept.", held.quarantined
    )
    yield from family(
        "job_well",
        "1 when the last run of a job went well, else 0.",
        (({"job": one.name}, int(one.well)) for one in held.jobs),
    )
    yield from family(
        "job_seconds_since",
        "How long ago the last run of a job ended.",
        (({"job": one.name}, one.seconds_since) for one in held.jobs),
    )
    yield from family(
        "disk_bytes",
        "Bytes on the disk by store.",
        (({"store": name}, size) for name, size in sorted(held.bytes.items())),
    )
    yield from family(
        "deliveries",
        "Messages by state.",
        (({"state": state}, count) for state, count in sorted(held.deliveries.items())),
    )
    yield from _one(
        "backup_seconds_since", "How long ago the newest backup was taken.", held.backup_s
    )


def _intake(held: run.Figures, counts: Counts) -> Iterator[str]:
    yield from family(
        "batches_total",
        "Batches that came in, by protocol, and whether they were kept.",
        (
            ({"protocol": protocol, "outcome": outcome}, count)
            for (protocol, outcome), count in sorted(counts.batches.items())
        ),
        "counter",
    )
    sides = (("read", held.read), ("rejected", held.rejected))
    yield from family(
        "numbered_total",
        "Events of batches that this process numbered, by protocol, and whether they could be read.",
        (
            ({"protocol": protocol, "outcome": outcome}, count)
            for outcome, side in sides
            for protocol, count in sorted(side.items())
        ),
        "counter",
    )
    repeated = sum(held.read.values()) - held.new
    yield from family(
        "events_total",
        "Events that this process numbered, new ones and those that had come before.",
        [({"outcome": "new"}, held.new), ({"outcome": "repeated"}, repeated)],
        "counter",
    )


def _requests(counts: Counts) -> Iterator[str]:
    yield from family(
        "requests_total",
        "Requests by part of the app and status.",
        (
            ({"group": group, "status": str(status)}, count)
            for (group, status), count in sorted(counts.requests.items())
        ),
        "counter",
    )
    name = "pathworth_request_seconds"
    yield f"# HELP {name} How long answers took, by part of the app."
    yield f"# TYPE {name} histogram"
    ends = [*(f"{end:g}" for end in LIMITS), "+Inf"]
    for group, held in sorted(counts.buckets.items()):
        for end, count in zip(ends, accumulate(held), strict=True):
            yield f"{name}_bucket{_labels({'group': group, 'le': end})} {count}"
        yield f"{name}_sum{_labels({'group': group})} {_number(counts.seconds[group])}"
        yield f"{name}_count{_labels({'group': group})} {sum(held)}"


def _labels(labels: Labels) -> str:
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{said}}}" if said else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6f}".rstrip("0").rstrip(".")
