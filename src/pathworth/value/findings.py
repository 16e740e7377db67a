"""What follows from a priced map: what to do next, what no message can fix, what to ignore without guilt."""

from __future__ import annotations

from dataclasses import dataclass

from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.value.chain.plan import Plan
from pathworth.value.contracts import DoNextRow, IgnoreRow
from pathworth.value.gaps.hits import Q
from pathworth.value.gaps.survey import Survey, survey
from pathworth.value.ignore import ignore
from pathworth.value.next import cannot_fix, clean, do_next

NO_HINT = (
    "The map names no persona, so nobody can be compared with people like them: nothing is ranked. "
    "Name the property that tells kinds of people apart."
)
NO_MONEY = "No money is recorded, so no place costs anything that could be ranked."
NOTHING_TO_DO = "No group of people moves on worse than people like them by more than chance."
NOTHING_TO_IGNORE = "Nothing that looks bad could be shown to be harmless."


@dataclass(frozen=True)
class Findings:
    """The three lists under a priced map, and what a reader should know about them.

    ``compared`` holds the ids of the steps where like could be compared with like; a list that is empty has its
    reason beside it.
    """

    do_next: tuple[DoNextRow, ...]
    cannot_fix: tuple[DoNextRow, ...]
    ignore: tuple[IgnoreRow, ...]
    notes: tuple[str, ...]
    compared: frozenset[str]
    do_next_why: str | None
    ignore_why: str | None


def findings(
    journeys: Journeys,
    plan: Plan,
    *,
    few: bool = False,
    memory: frozenset[str] = frozenset(),
    engine: Engine | None = None,
) -> Findings:
    """Find what is worth doing, what nobody can mend with a message, and what looks bad and does not matter.

    Parameters
    ----------
    journeys
        The selection.
    plan
        The plan that the arrows were priced by.
    few
        Whether single entities are the independent units, because there are few.
    memory
        Ids of steps whose next move depends on more than the step.
    engine
        Runs the folds; the local one unless given.
    """
    counted = survey(journeys, plan, few=few, engine=engine or local_engine())
    without = clean(counted)
    rows = do_next(counted, without, memory=memory)
    harmless = ignore(counted, without.kept, do_next=rows)
    compared = _compared(counted)
    return Findings(
        rows,
        cannot_fix(counted, without),
        harmless,
        tuple(_notes(counted, rows)),
        compared,
        do_next_why=None if rows else _why_nothing(counted, compared, NOTHING_TO_DO),
        ignore_why=None if harmless else _why_nothing(counted, compared, NOTHING_TO_IGNORE),
    )


def _compared(survey: Survey) -> frozenset[str]:
    """Return the steps where enough visits carry a persona hint and something can follow."""
    plan = survey.plan
    if plan.document.persona is None:
        return frozenset()
    steps = enumerate(plan.document.steps)
    return frozenset(step.id for k, step in steps if survey.hinted[k] and not plan.ends[k])


def _why_nothing(survey: Survey, compared: frozenset[str], otherwise: str) -> str:
    """Say why a list is empty: nobody to compare, nothing to lose, or nothing found."""
    hint = survey.plan.document.persona
    if hint is None:
        return NO_HINT
    if not compared:
        return (
            f"The persona {hint!r} is known for too few visits to compare like with like at any step: "
            "name a property that is known earlier."
        )
    if not survey.terms.worth.any():
        return NO_MONEY
    return otherwise


def _notes(survey: Survey, rows: tuple[DoNextRow, ...]) -> list[str]:
    """Say which steps are not ranked, and how many visits were left out of comparisons."""
    document = survey.plan.document
    if document.persona is None:
        return [
            "The map names no persona, so the mix of people is not known at any step: nothing is ranked."
        ]
    ranked = [k for k in range(survey.plan.steps) if survey.hinted[k] and not survey.plan.ends[k]]
    seen = [survey.totals(k).sum() for k in range(survey.plan.steps)]
    unknown = [
        document.steps[k].name
        for k in range(survey.plan.steps)
        if seen[k] and not survey.hinted[k] and not survey.plan.ends[k]
    ]
    notes = []
    if unknown:
        notes.append(f"Mix not known, so nothing is ranked there: {', '.join(unknown)}.")
    if ranked:
        without = sum(int(survey.totals(k)[0].sum()) for k in ranked)
        share = without / max(1, int(sum(seen[k] for k in ranked)))
        notes.append(
            f"{share:.0%} of the visits compared carry no {document.persona!r}; "
            "they stand beside the comparisons and are taken to go like the others."
        )
    if rows:
        notes.append(
            f"About {Q:.0%} of what stands under Do next is chance or mix: confirm before building."
        )
    return notes
