"""Answers to a question that not everybody answers alike."""

from __future__ import annotations


def answers_of(people: int) -> list[dict[str, str]]:
    """Events of two plans: those of the large one answer often and well, those of the small one seldom and badly."""
    events = []
    for k in range(people):
        large, turn = k % 2 == 0, k // 2 % 10
        said = {"person": f"p{k}", "survey": "pulse"}
        plan = "large" if large else "small"
        events.append({"event": "began", "time": "2026-01-01", "plan": plan, "person": f"p{k}"})
        events.append({"event": "survey seen", "time": "2026-01-02", **said})
        if turn < (9 if large else 3):
            score = "9" if large else "5"
            events.append(
                {"event": "survey answered", "time": "2026-01-03", "answer": score, **said}
            )
    return events
