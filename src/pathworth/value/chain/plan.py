"""What is decided before visits are priced: the period, the age that means having left, the personas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.base.durations import to_us
from pathworth.base.period import Period
from pathworth.journeys import Journeys, Step
from pathworth.kernels.visits import CONTRACT, LEAVING
from pathworth.value.chain.period import Span

NEVER_MS = 10**15
DAY_MS = 86_400_000
EVERYBODY = "everybody"
OTHERS = "others"

BIN_EDGES_MS: NDArray[np.int64] = np.array(
    # 5 minutes, then 62 equal steps of the logarithm up to 400 days, rounded to whole ms.
    [
        *(300000, 362041, 436912, 527267, 636307, 767897, 926700, 1118344, 1349621, 1628727),
        *(1965552, 2372034, 2862577, 3454566, 4168981, 5031138, 6071591, 7327214, 8842503),
        *(10671158, 12877983, 15541187, 18755149, 22633768, 27314495, 32963211, 39780097),
        *(48006735, 57934665, 69915720, 84374491, 101823376, 122880742, 148292831, 178960212),
        *(215969695, 260632846, 314532463, 379578676, 458076631, 552808188, 667130502),
        *(805094997, 971590943, 1172518728, 1414998953, 1707624782, 2060766469, 2486938866),
        *(3001244933, 3621910965, 4370932507, 5274853845, 6365708699, 7682155457, 9270847167),
        *(11188084865, 13501812799, 16294026285, 19663677503, 23730182225, 28637651749),
        34560000000,
    ],
    np.int64,
)
BIN_EDGES_MS.flags.writeable = False
BINS = len(BIN_EDGES_MS) + 1


@dataclass(frozen=True)
class Plan:
    """Everything that decides the visits of a map and their sojourns.

    Parameters
    ----------
    document
        The map; a step's place in it is its number everywhere below.
    span
        The priced period.
    tau_ms
        int64[steps]: age without a next visit at which a visit is an exit; always a bin edge.
    ends
        int64[steps]: 0, or ``LEAVING`` or ``CONTRACT`` for a step that ends the journey at once.
    personas
        Names of the strata; the last one takes whoever is in no other.
    stratum
        uint8[codes + 1]: the stratum of each persona code, 0 being unknown.
    notes
        What was decided that a reader should know.
    """

    document: MapDocument
    span: Span
    tau_ms: NDArray[np.int64]
    ends: NDArray[np.int64]
    personas: tuple[str, ...]
    stratum: NDArray[np.uint8]
    notes: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """Return how many steps the map has."""
        return len(self.document.steps)

    @cached_property
    def ruled(self) -> tuple[Step, ...]:
        """Return the steps that have a rule; always the same tuple, since rules are bound once per tuple."""
        return tuple(Step(s.id, s.rule) for s in self.document.steps if s.rule is not None)

    @cached_property
    def places(self) -> NDArray[np.int16]:
        """Return the place in the map of each step that has a rule, and -1 last, for code -1."""
        rows = enumerate(self.document.steps)
        return np.array([*(k for k, step in rows if step.rule is not None), -1], np.int16)

    @cached_property
    def gap_us(self) -> int:
        """Return the pause after which events of one step begin a new visit."""
        return to_us(self.document.session_gap)

    def whole(self, journeys: Journeys) -> Journeys:
        """Return the selection without its period, which the plan applies to sojourns instead of events."""
        return replace(journeys, period=Period())


def first_plan(document: MapDocument, span: Span, *, codes: int) -> Plan:
    """Return the plan of the first pass: nobody is ever taken as gone, and each persona code is a stratum.

    Parameters
    ----------
    document, span
        The map and the priced period.
    codes
        How many values the persona's column has; at most 254 are told apart.
    """
    stratum = np.minimum(np.arange(codes + 1), 255).astype(np.uint8)
    tau_ms = np.full(len(document.steps), NEVER_MS, np.int64)
    return Plan(document, span, tau_ms, _ends(document), (), stratum)


def _ends(document: MapDocument) -> NDArray[np.int64]:
    ends = np.array([LEAVING if step.leaving else 0 for step in document.steps], np.int64)
    if document.contract is not None:
        ids = [step.id for step in document.steps]
        ends[ids.index(document.contract.step)] = CONTRACT
    return ends


def waiting_ages(
    document: MapDocument, span: Span, *, waits: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return tau of every step in ms: ten times the 95th percentile of completed sojourns.

    At least a day, at most three quarters of the period, moved up to the next bin edge.

    Parameters
    ----------
    document
        A step may fix its own tau.
    span
        The priced period.
    waits
        int64[steps, bins]: completed sojourns.
    """
    taus = [_tau_of(row, span) for row in waits]
    for place, step in enumerate(document.steps):
        if step.tau is not None:
            taus[place] = to_us(step.tau) / 1000
    places = np.searchsorted(BIN_EDGES_MS, np.array(taus), side="left")
    return BIN_EDGES_MS[np.minimum(places, len(BIN_EDGES_MS) - 1)]


def _tau_of(row: NDArray[np.int64], span: Span) -> float:
    ten_times = 10 * quantile_ms(row, 0.95) if row.sum() else 0.0
    return max(min(ten_times, 0.75 * span.length_ms), float(DAY_MS))


def quantile_ms(row: NDArray[np.int64], share: float) -> float:
    """Return a quantile of binned durations in ms, linear within its bin."""
    edges = np.concatenate([[0], BIN_EDGES_MS, [2 * BIN_EDGES_MS[-1]]]).astype(float)
    below = np.concatenate([[0], np.cumsum(row)]).astype(float)
    wanted = share * below[-1]
    place = int(np.searchsorted(below, wanted, side="left"))
    place = min(max(place, 1), len(row))
    within = (wanted - below[place - 1]) / max(row[place - 1], 1)
    return float(edges[place - 1] + within * (edges[place] - edges[place - 1]))
