"""A small trial company with a known map, written from the emission rules of the demo company's spec."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

MINUTE, DAY = 60_000_000, 86_400_000_000
START = 1_759_104_000_000_000  # Monday 2025-09-29
WEEKS = 52
PERSONAS = ("controller", "scale-up", "bookkeeper", "curious")
SHARES = (0.36, 0.20, 0.27, 0.17)
FIRST = {
    "controller": (0.62, 0.33, 0.05),
    "scale-up": (0.50, 0.38, 0.12),
    "bookkeeper": (0.58, 0.30, 0.12),
    "curious": (0.80, 0.17, 0.03),
}
ROWS = {
    "controller": {
        "reads": {"compares": 0.36, "reads": 0.22, "trial": 0.06},
        "compares": {"reads": 0.12, "compares": 0.20, "trial": 0.36},
        "trial": {"connects": 0.78, "compares": 0.09},
        "connects": {"value": 0.70, "connects": 0.13, "compares": 0.03},
        "value": {"team": 0.70, "buys": 0.07, "value": 0.12},
        "team": {"risk": 0.76, "buys": 0.16},
        "risk": {"buys": 0.30, "team": 0.12},
    },
    "scale-up": {
        "reads": {"compares": 0.36, "reads": 0.14, "trial": 0.10},
        "compares": {"reads": 0.06, "compares": 0.15, "trial": 0.38},
        "trial": {"connects": 0.80, "compares": 0.07},
        "connects": {"value": 0.74, "connects": 0.12, "compares": 0.02},
        "value": {"team": 0.56, "buys": 0.22, "value": 0.08},
        "team": {"risk": 0.18, "buys": 0.68},
        "risk": {"buys": 0.50, "team": 0.12},
    },
    "bookkeeper": {
        "reads": {"compares": 0.30, "reads": 0.18, "trial": 0.17},
        "compares": {"reads": 0.08, "compares": 0.22, "trial": 0.38},
        "trial": {"connects": 0.55, "compares": 0.12},
        "connects": {"value": 0.56, "connects": 0.12, "compares": 0.03},
        "value": {"team": 0.06, "buys": 0.22, "value": 0.30},
        "team": {"risk": 0.03, "buys": 0.62},
        "risk": {"buys": 0.40, "team": 0.20},
    },
    "curious": {
        "reads": {"compares": 0.18, "reads": 0.15, "trial": 0.05},
        "compares": {"reads": 0.05, "compares": 0.12, "trial": 0.18},
        "trial": {"connects": 0.15, "compares": 0.10},
        "connects": {"value": 0.25, "connects": 0.10, "compares": 0.05},
        "value": {"team": 0.02, "buys": 0.01, "value": 0.20},
        "team": {"risk": 0.01, "buys": 0.20},
        "risk": {"buys": 0.10, "team": 0.10},
    },
}
HOLD = {"reads": (4, 1.2), "compares": (3, 1.1), "trial": (0.15, 1.4), "connects": (0.5, 1.3),
        "value": (1.6, 1.0), "team": (2.0, 0.9), "risk": (15, 0.6)}  # fmt: skip
SKIPS = dict(zip(PERSONAS, (0.55, 0.40, 0.72, 0.90), strict=True))
WEB = ("Page Viewed", "Pricing Viewed", "Comparison Viewed", "Integration Viewed")
COLUMNS = ("section", "phase", "ledger", "job_title", "plan")


@dataclass
class Log:
    """Rows as they are written, with the true step of each."""

    person: list[int] = field(default_factory=list)
    time: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    step: list[str | None] = field(default_factory=list)
    value: list[int] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=lambda: {c: [] for c in COLUMNS})

    def add(self, person, time, name, step, *, value=0, **columns):
        if time >= START + WEEKS * 7 * DAY:
            return
        self.person.append(person)
        self.time.append(int(time))
        self.name.append(name)
        self.step.append(step)
        self.value.append(value)
        for column in COLUMNS:
            self.columns[column].append(columns.get(column))


class Visitor:
    """One person walking through the journey."""

    def __init__(self, log, number, rng):
        self.log, self.number, self.rng = log, number, rng
        self.persona = PERSONAS[rng.choice(4, p=SHARES)]
        self.ledger = rng.choice(["xero", "quickbooks", "datev", "netsuite"])
        self.big = rng.random() < 0.2
        self.known = {}

    def session(self, at, names, step):
        for item in names:
            name, extra = item if isinstance(item, tuple) else (item, {})
            web = name in WEB
            said = {"step": step} | ({} if web else self.known) | extra
            self.log.add(self.number, at, name, said.pop("step"), **said)
            at += min(24.9 * MINUTE, MINUTE * float(np.exp(self.rng.normal(0, 1))))
        return at

    def journey(self):
        rng, at = self.rng, START + self.rng.uniform(0, WEEKS * 7 * DAY)
        step = ("reads", "compares", "trial")[rng.choice(3, p=FIRST[self.persona])]
        previous, to = None, None
        while True:
            row = ROWS[self.persona][step]
            names = list(row)
            pick = rng.choice(len(names) + 1, p=[*row.values(), 1 - sum(row.values())])
            to = names[pick] if pick < len(names) else None
            end = self.session(at, list(getattr(self, step)(previous, to)), step)
            if to is None:
                if step in ("trial", "connects", "value", "team") and rng.random() < 0.9:
                    self.session(at + 14 * DAY, [("Trial Expired", {"phase": "trial"})], None)
                return
            median, sigma = HOLD[step]
            at = max(end + 31 * MINUTE, at + DAY * median * np.exp(rng.normal(0, sigma)))
            previous, step = step, to
            if step == "buys":
                self.session(at, list(self.buys()), "buys")
                self.life(at)
                return

    def reads(self, previous, to):
        yield from self.pages("article", 1 + self.rng.poisson(2.2))
        yield from self.some(
            {"Guide Downloaded": 0.22, "Video Played": 0.15, "Webinar Registered": 0.04}
        )

    def compares(self, previous, to):
        yield from self.pages("product", 1 + self.rng.poisson(1.5))
        yield from self.some({"Comparison Viewed": 0.45, "Integration Viewed": 0.5, "Calculator Used": 0.08,
                              "Chat Started": 0.05, "Demo Requested": 0.08})  # fmt: skip
        yield from ["Pricing Viewed"] * int(1 + self.rng.poisson(0.7))

    def trial(self, previous, to):
        self.known = {"phase": "trial"}
        yield "Signed Up"
        yield from self.some({"Email Verified": 0.94})
        yield from ["Trial Started", "Workspace Created"]
        if self.rng.random() < 0.85:
            yield "Tour Started"
            yield from self.some({"Tour Skipped": SKIPS[self.persona]})
        yield from self.pricing()

    def pricing(self):
        yield from [("Pricing Viewed", {"step": "compares"})] * int(self.rng.poisson(0.35))

    def connects(self, previous, to):
        self.known = {"phase": "trial", "ledger": self.ledger}
        yield "Ledger Connection Started"
        if previous == "connects" or to == "connects":
            yield from ["Ledger Connection Failed"] * int(1 + self.rng.poisson(0.8))
            yield from ["Help Searched"] * int(self.rng.poisson(1.6))
        yield from ["Help Searched"] * int(self.rng.poisson(0.3))
        if to == "value":
            yield "Ledger Connected"
        yield from self.pricing()

    def value(self, previous, to):
        if previous != "value":
            yield from ["Rule Created"] * int(self.rng.poisson(14 if self.big else 3))
            yield "Reconciliation Started"
        yield "Reconciliation Completed"
        yield from self.some({"Report Exported": 0.4})
        yield from ["Spreadsheet Exported"] * int(self.rng.poisson(0.5))

    def team(self, previous, to):
        yield from ["Teammate Invited"] * int(2 + self.rng.poisson(1.4))
        yield from self.some({"Invitation Accepted": 0.72})
        yield from ["Role Created"] * int(1 + self.rng.poisson(1.8))

    def risk(self, previous, to):
        if self.rng.random() < 0.35:
            yield self.rng.choice(["Security Page Viewed", "Security Document Downloaded"])

    def buys(self):
        self.known |= {"phase": "trial"}
        yield from ["Checkout Started"] * int(1 + (self.rng.random() < 0.2))
        yield from self.some({"Quote Requested": 0.1, "Payment Failed": 0.08})
        self.plan = self.rng.choice(["Starter", "Team", "Scale"])
        yield ("Payment Succeeded", {"value": 49_000_000, "plan": self.plan})
        yield ("Subscription Started", {"plan": self.plan})

    def life(self, at):
        rng, self.known = self.rng, {"phase": "customer", "ledger": self.ledger}
        seats, month = 1 + rng.poisson(3), 30 * DAY
        for _ in range(1, 14):
            for when in at + rng.uniform(0, month, rng.poisson(9 * seats)):
                name = rng.choice(
                    ["Reconciliation Completed", "Report Exported", "Rule Created"],
                    p=[0.5, 0.2, 0.3],
                )
                self.session(when, [str(name)], "use")
            if rng.random() < 0.93:
                self.session(
                    at + rng.uniform(0, month), ["Close Started", "Close Completed"], "use"
                )
            if rng.random() < 0.03:
                self.session(at + rng.uniform(0, month), ["Seat Limit Reached"], "limit")
                if rng.random() < 0.3:
                    self.session(at + rng.uniform(0, month), ["Plan Upgraded"], "renews")
            if rng.random() < 0.02:
                self.session(at + rng.uniform(0, month), ["Referral Sent"], "recommends")
            at += month
            if rng.random() < 0.035:
                self.session(at, ["Subscription Cancelled"], "renews")
                return
            paid = {"value": 49_000_000, "plan": self.plan, "step": "renews"}
            self.session(at, ["Subscription Renewed", ("Payment Succeeded", paid)], "renews")

    def pages(self, section, count):
        yield from [("Page Viewed", {"section": section})] * int(count)

    def some(self, shares):
        yield from (name for name, share in shares.items() if self.rng.random() < share)


def small_company(people=3_000, *, seed=1, members=60):
    """Return the log of people who arrive within a year and of customers from before it."""
    log, rng = Log(), np.random.default_rng(seed)
    for number in range(people):
        Visitor(log, number, rng).journey()
    for number in range(people, people + members):
        old = Visitor(log, number, rng)
        old.plan = str(rng.choice(["Starter", "Team", "Scale"]))
        old.life(START + rng.uniform(0, 30 * DAY))
    return log
