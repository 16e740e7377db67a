"""The demo company person by person, event by event, in plain loops: slow and obvious.

It reads the same parameters and draws the same counters as the generator, and shares no other code with it. Logarithms
and the like are numpy's own, one number at a time, since other libraries differ in the last bit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
from tests.naive.philox import pair, philox

DAY_MS = 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
STEPS = ("reads", "compares", "trial", "connects", "first-value", "team", "risk", "buys")
LEFT = 8
TWO32 = 2**32
# What each counter is drawn for.
PERSONA, ENTRY, LEDGER, TOUR, COUNTRY, HINTS = 1, 2, 3, 4, 5, 6
IDENTITY, MOVE, HOLD, EXPIRY, RESTART, RETURN, PLAN = 8, 9, 10, 11, 12, 13, 14
LAST_VIEW, VIEW_PLACE, GAP, TRACE, OPENING, OPENING_PERSONA = 15, 16, 17, 18, 19, 20
LIFE, LIFE_TIME, CHAMPION, PAYMENT, SEATS, USE_COUNT, USE = 21, 22, 23, 24, 25, 26, 27
CLOSE, ACCEPT, ACCEPT_TIME, COLLEAGUES, REACTIVATE, REFER, NOISE = 28, 30, 31, 32, 33, 34, 36
DEVICE, DEVICE_DAY, KIOSK, SKEW, STRANGER, MESSAGE = 43, 44, 45, 46, 47, 48
EMISSION = 100
MONTH_DAYS = 365.25 / 12


def normal(seed, who, purpose, place=0, index=0):
    one, two = pair(seed, (who, place, index, purpose))
    one, two = np.float64(one), np.float64(two)
    return np.sqrt(-2.0 * np.log(1.0 - one)) * np.cos(2.0 * np.pi * two)


def choice(shares, chance):
    total, place = 0.0, 0
    for share in list(shares)[:-1]:
        total = total + share
        place += chance >= total
    return place


def poisson(rate, chance):
    return sum(chance >= edge for edge in poisson_edges(rate))


def poisson_edges(rate):
    term = np.exp(np.float64(-rate))
    edges = [term]
    while edges[-1] < 1 - 1e-13 and len(edges) < rate + 20 * np.sqrt(rate) + 20:
        term = term * rate / len(edges)
        edges.append(edges[-1] + term)
    return edges


def hex_id(letter, seed, who, purpose, place=0, index=0, second=False):
    a, b, c, d = philox((who, place, index, purpose), (seed % TWO32, seed // TWO32))
    word = (c | d << 32) if second else (a | b << 32)
    return f"{letter}{word & 0xFFFFFFFFFFFF:012x}"


class Clock:
    """Active days of one persona, hour by hour."""

    def __init__(self, company, persona, on):
        self.on = on
        shape = company.clock
        first = company.first_day - timedelta(days=28)
        total = np.float64(0.0)
        self.days, self.active = [-28.0], [total]
        share = [hour / np.sum(shape.hours) for hour in shape.hours]
        for number in range(1428):
            day = first + timedelta(days=number)
            season = 1.0
            for _, begin, end, factor in shape.seasons:
                text = day.strftime("%m-%d")
                across = begin > end
                if (begin <= text <= end) if not across else (text >= begin or text <= end):
                    season = season * factor
            frozen = False
            for year in (day.year - 1, day.year, day.year + 1):
                for text in shape.quarter_ends:
                    quarter = date.fromisoformat(f"{year}-{text}")
                    gap = (day - quarter).days
                    frozen = frozen or -shape.freeze_before <= gap <= shape.freeze_after
            weight = shape.weekday[day.weekday()] * season
            slow = company.persona[persona].freeze if frozen else 1.0
            for hour in range(24):
                total = total + (weight * slow) * share[hour]
                self.active.append(total)
                self.days.append((number * 24 + hour + 1) / 24.0 - 28)
        self.knots = np.array(self.active), np.array(self.days)

    @staticmethod
    def between(value, known, wanted):
        k = int(np.searchsorted(known, value, side="right")) - 1
        k = min(max(k, 0), len(known) - 2)
        slope = (wanted[k + 1] - wanted[k]) / (known[k + 1] - known[k])
        return wanted[k] + (value - known[k]) * slope

    def to_active(self, day):
        return self.between(day, self.knots[1], self.knots[0]) if self.on else day

    def to_day(self, active):
        return self.between(active, *self.knots) if self.on else active


@dataclass
class Person:
    key: int
    index: int
    persona: int = 0
    ledger: int = 0
    big: bool = False
    skips: bool = False
    seen: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    invited: list = field(default_factory=list)
    colleagues: list = field(default_factory=list)
    id: str = ""
    account: str = ""
    owner: Person = None


class Naive:
    """One world, made person by person."""

    def __init__(self, company, people, seed, rung):
        self.company, self.seed, self.rung = company, seed, company.rung[rung]
        self.people_asked = people
        self.clocks = [Clock(company, name, self.rung.clock) for name in company.personas]
        self.window = float(company.weeks * 7)
        self.first_ms = (company.first_day - date(1970, 1, 1)).days * DAY_MS
        self.personas = list(company.personas)

    def draw(self, who, purpose, place=0, index=0):
        return pair(self.seed, (who, place, index, purpose))

    # ------------------------------------------------------------ everybody

    def run(self):
        company, full = self.company, self.rung.full
        scale = self.people_asked / company.size.people
        usual = round(company.size.entrants * scale) if full else self.people_asked
        extra = 0
        if full and company.incidents.mix_shift:
            extra = round(company.mix_shift.entrants * scale)
        entrants = [self.entrant(k, k >= usual) for k in range(usual + extra)]
        book_size = round(company.size.opening_accounts * usual / company.size.entrants)
        book = [self.opener(k, len(entrants) + k) for k in range(book_size)]
        everybody = entrants + book
        for person in entrants:
            self.walk(person)
        if full:
            for payer in book:
                chance = self.draw(payer.key, COLLEAGUES)[0]
                for j in range(poisson(company.use.opening_colleagues, chance)):
                    name = hex_id("p", self.seed, payer.key, COLLEAGUES, 999, j)
                    mate = Person(0, len(everybody), id=name, owner=payer)
                    payer.colleagues.append(mate)
                    everybody.append(mate)
            for person in entrants:
                for ms, name in person.invited:
                    mate = Person(0, len(everybody), id=name, owner=person)
                    person.colleagues.append(mate)
                    everybody.append(mate)
                    told = {"phase": "trial", "account_id": person.account}
                    self.put(mate, company.invitation.event, ms, told)
        for person in entrants + book:
            self.pay(person)
        return everybody

    def entrant(self, key, extra):
        company = self.company
        who, when = self.draw(key, PERSONA)
        if extra:
            shares = np.array(company.mix_shift.personas)
        else:
            on = self.rung.personas
            shares = np.array([company.persona[p].share * (p in on) for p in self.personas])
        persona = choice(shares / shares.sum(), who)
        what = company.persona[self.personas[persona]]
        ledger, big = self.draw(key, LEDGER)
        skips, first = self.draw(key, TOUR)
        person = Person(key, key, persona)
        person.ledger, person.big = choice(what.ledger, ledger), big < what.big
        person.skips, person.first = skips < what.skips_tour, choice(what.first, first)
        low, high = company.mix_shift.weeks
        place = when * ((high - low + 1) if extra else self.rung.entry_weeks)
        week = np.floor(place) + (low - 1 if extra else 0)
        clock = self.clocks[persona]
        begin, end = clock.to_active(week * 7.0), clock.to_active((week + 1.0) * 7.0)
        person.entry = clock.to_day(begin + (place - np.floor(place)) * (end - begin))
        self.look(person)
        return person

    def opener(self, k, index):
        company, life = self.company, self.company.life
        key = 2**31 + k
        plan, age = self.draw(key, OPENING)
        plan = choice([one.opening for one in company.plan.values()], plan)
        weights = np.array(
            [
                company.persona[name].plan[plan]
                * life.opening_weights[p]
                * (name in self.rung.personas)
                for p, name in enumerate(self.personas)
            ]
        )
        persona = choice(weights / weights.sum(), self.draw(key, OPENING_PERSONA)[0])
        person = Person(key, index, persona)
        what = company.persona[self.personas[persona]]
        ledger, big = self.draw(key, LEDGER)
        person.ledger, person.big = choice(what.ledger, ledger), big < what.big
        kept = 1.0 - np.exp(-life.opening_decay * life.opening_months)
        age = -np.log(1.0 - age * kept) / life.opening_decay * MONTH_DAYS
        person.contracts = [(plan, -age, 0, 0)]
        self.look(person)
        return person

    def look(self, person):
        hints, key = self.company.hints, person.key
        person.owner = person
        person.id = hex_id("p", self.seed, key, IDENTITY)
        person.account = hex_id("a", self.seed, key, IDENTITY, second=True)
        country = choice(hints.country_shares, self.draw(key, COUNTRY)[0])
        titled, right = self.draw(key, HINTS)
        sized, size = self.draw(key, HINTS, 0, 1)
        form, lines = self.draw(key, HINTS, 0, 2)
        browser = self.draw(key, HINTS, 0, 3)[0]
        said = person.persona
        if right >= hints.job_title_right:
            said += 1 + int((right - hints.job_title_right) / (1.0 - hints.job_title_right) * 3)
        few = 0 if lines < hints.lines_small else 1
        sizes = hints.company_size_big if person.big else hints.company_size_small
        title = self.company.persona[self.personas[said % 4]].job_title
        person.hours = hints.country_hours[country]
        person.form = form < hints.ledger_on_form
        person.seen = {
            "country": hints.countries[country],
            "browser": "Safari" if browser < hints.safari else "Chrome",
            "job_title": title if titled < hints.job_title_known else None,
            "company_size": hints.company_sizes[choice(sizes, size)]
            if sized < hints.company_size_known
            else None,
            "ledger": self.company.ledgers[person.ledger],
            "lines_a_month": hints.lines_a_month[2 if person.big else few],
        }

    def put(self, person, event, ms, told, value=0, cost=0):
        person.events.append((self.utc(person.owner, ms), event, told, value, cost))

    def utc(self, person, ms):
        naive = ms + self.first_ms
        if not self.rung.full:
            return naive
        zone = person.hours * 3_600_000
        year = EPOCH + timedelta(milliseconds=naive - zone)
        summer = sunday(year.year, 3) <= naive - zone and naive - zone - 3_600_000 < sunday(
            year.year, 10
        )
        return naive - zone - (3_600_000 if summer else 0)

    # ------------------------------------------------------------ the journey

    def row_of(self, person, step, start):
        company, how, what = self.company, self.company.frictions, self.company.planted
        name = self.personas[person.persona]
        row = np.array(company.rows[name][STEPS[step]], dtype=np.float64)
        if not self.rung.full:
            return row
        ledger = company.ledgers[person.ledger]
        if step == 3 and ledger == what.wizard_ledger:
            taken = min(row[4], how.ledger_wizard * (what.wizard_again + what.wizard_left))
            again = what.wizard_again / (what.wizard_again + what.wizard_left)
            row[4] -= taken
            row[3] += taken * again
            row[8] += taken * (1.0 - again)
        if step == 3 and ledger == what.connector_ledger:
            lost = min(row[4], how.missing_connector * (row[4] - what.connector_first_value))
            row[4] -= lost
            row[8] += lost
        if step == 6 and name in what.risk_personas:
            gain = (1.0 - how.security_review) * what.risk_buys_repaired
            row[7] += gain
            row[8] -= gain
        on = company.incidents
        begin = (company.outage.week - 1) * 7.0
        if on.outage and step == 3 and begin <= start < begin + company.outage.days:
            lost = row[4] * (1.0 - company.outage.factor)
            row[4] -= lost
            row[8] += lost
        free = company.competitor
        if on.competitor and step == 1 and name == free.persona and start >= (free.week - 1) * 7.0:
            row[2] -= free.left
            row[8] += free.left
        return row

    def walk(self, person):
        company, key, full = self.company, person.key, self.rung.full
        clock = self.clocks[person.persona]
        step, move = person.first, 0
        start = whole(person.entry)
        deadline, trial_day, trials, late = np.inf, np.nan, 0, -1
        person.contracts, person.connected = [], None
        again_from = None
        while move < company.size.moves:
            if again_from is None:
                if step == 2:
                    trial_day, trials = start, trials + 1
                    if self.rung.deadline:
                        deadline = start + company.deadline.days
                elif step < 2:
                    deadline = np.inf
                if step == 4 and late < 0:
                    late = int(start - trial_day > company.life.late_first_value_days)
            again_from = None
            if step == 3 and person.connected is None:
                person.connected = move
            if step == 7:
                self.buy(person, move, start, late, trials)
                return
            dest = choice(self.row_of(person, step, start), self.draw(key, MOVE, move)[0])
            length = self.act(person, move, step, dest, start, trials)
            earliest = start + length / DAY_MS + company.session.pause_minutes / 1440.0
            factor = (
                company.persona[self.personas[person.persona]].pace * company.holding.median[step]
            )
            if full and person.big and step == 3 and dest == 4:
                factor *= 1.0 + (company.planted.rules_time - 1.0) * company.frictions.rules_by_hand
            active = factor * np.exp(
                company.holding.sigma[step] * normal(self.seed, key, HOLD, move)
            )
            end = max(clock.to_day(clock.to_active(start) + active), earliest)
            extend, restart = self.draw(key, EXPIRY, move)
            to, extended, expired = dest, False, False
            if end > deadline:
                extended = extend < company.deadline.extended[step]
                expired = not extended
                self.say_deadline(
                    person, move, deadline, "Trial Extended" if extended else "Trial Expired"
                )
            if expired and restart < company.deadline.restarts:
                wait = self.draw(key, RESTART, move)[0]
                wait = -company.deadline.restart_days * np.log(1.0 - np.float64(wait))
                to, end = step, max(deadline + wait, earliest)
            elif expired:
                to, end = LEFT, deadline
            end = whole(end)
            person.visits.append((step, to, start, end, extended, expired))
            if extended:
                deadline = np.inf
            if expired and to != LEFT:
                deadline = end + company.deadline.days
            if to == LEFT:
                end = self.comes_back(person, move, end, trial_day)
                if end is None:
                    return
                to, deadline, again_from = 1, np.inf, LEFT
            step, start, move = to, end, move + 1

    def comes_back(self, person, move, day, trial_day):
        company, back = self.company, self.company.returns
        if not (self.rung.full and company.incidents.returns) or np.isnan(trial_day):
            return None
        slowly, launched = self.draw(person.key, RETURN, move)
        when = day - MONTH_DAYS / back.a_month * np.log(1.0 - np.float64(slowly))
        launch = (back.launch_week - 1) * 7.0
        recent = launch - 7.0 * back.launch_weeks <= day < launch
        persona = self.personas[person.persona]
        if recent and persona == back.launch_persona and launched < back.launch_share:
            when = min(when, launch + 7.0 * launched / back.launch_share)
        return whole(when) if when < self.window else None

    def say_deadline(self, person, move, deadline, event):
        if self.rung.full:
            told = {"phase": "trial", "account_id": person.account}
            told |= self.product(person, move)
            self.put(person, event, int(np.floor(deadline * DAY_MS)), told)

    def product(self, person, move=None):
        seen = person.owner.seen
        if move is not None and (person.connected is None or move < person.connected):
            return {}
        return {"ledger": seen["ledger"], "lines_a_month": seen["lines_a_month"]}

    # ------------------------------------------------------------ one session

    def act(self, person, move, step, dest, start, trials, plan=None):
        company, key = self.company, person.key
        names = (*STEPS, "left")
        acts, views, traced, toured = [], [], 0.0, 0
        for place, kind in enumerate(company.emission):
            if kind.full and not self.rung.full:
                continue
            low, high = 0.0, 1.0
            if self.rung.full and kind.traced < 1.0:
                low, high = traced, traced + kind.traced
                traced = high
            if STEPS.index(kind.step) != step or (kind.on and names[dest] not in kind.on):
                continue
            if (kind.once and trials != 1) or (
                (low, high) != (0.0, 1.0) and not low <= self.draw(key, TRACE, move)[0] < high
            ):
                continue
            count = self.count(person, kind, place, move, dest, plan, toured)
            if kind.tour == "started":
                toured = count
            if (kind.event, kind.step) == (company.session.last_event, company.session.last_step):
                views = [kind] * count
            else:
                acts += [kind] * count
        acts = self.with_views(person, move, acts, views)
        time, begin = 0, int(np.floor(start * DAY_MS + 0.5))
        for number, kind in enumerate(acts):
            if number:
                gap = kind.gap * np.exp(
                    company.session.gap_sigma * normal(self.seed, key, GAP, move, number)
                )
                time += int(np.floor(min(gap, company.session.gap_limit_minutes * 60.0) * 1000.0))
            self.say(person, kind, move, begin + time, start, plan)
        return time

    def count(self, person, kind, place, move, dest, plan, toured):
        if kind.tour == "skipped":
            return toured * person.skips
        company = self.company
        name = self.personas[person.persona]
        ledger, big = (person.ledger, person.big) if self.rung.full else (0, False)
        rate = kind.poisson_by.get(company.ledgers[ledger], kind.poisson)
        if big and kind.poisson_big >= 0:
            rate = kind.poisson_big
        chance = kind.chance_by.get(name, 0.0 if kind.chance_by else kind.chance)
        if plan is not None:
            chance = kind.chance_by.get(list(company.plan)[plan], kind.chance)
        luck, many = self.draw(person.key, EMISSION + place, move)
        edges = poisson_edges(rate)
        count = 0
        for k in range(kind.at_least + len(edges) + 1):
            x = k - kind.at_least
            share = 0.0
            if x >= 0:
                share = edges[min(x, len(edges) - 1)] * (1.0 - chance)
                share = share + (edges[x - 1] * chance if x else 0.0)
            count += luck >= 1.0 - kind.opens + kind.opens * share
        if kind.many_on and (*STEPS, "left")[dest] == kind.many_on and name in kind.many_by:
            if many < kind.many_by[name]:
                return count - kind.at_least + kind.many
            return min(count, kind.many - 1)
        return count

    def with_views(self, person, move, acts, views):
        """Put each view before one of the others, the last one at the end if the visit ends with it."""
        if not views:
            return acts
        ends = self.draw(person.key, LAST_VIEW, move)[0] < self.company.session.last_share
        before = {}
        last = []
        for j, kind in enumerate(views):
            if ends and j == len(views) - 1:
                last = [kind]
            else:
                slot = int(np.floor(self.draw(person.key, VIEW_PLACE, move, j)[0] * len(acts)))
                before.setdefault(slot, []).append(kind)
        out = []
        for slot, kind in enumerate(acts):
            out += [*before.get(slot, []), kind]
        return out + last

    def say(self, person, kind, move, ms, start, plan):
        told = {}
        full = self.rung.full
        value = cost = 0
        event = kind.event
        if kind.section:
            told["section"] = kind.section
        if kind.phase:
            told["phase"] = kind.phase
        if event in {"Payment Succeeded", "Subscription Started"}:
            told |= self.contract(plan, start)
        if event == "Payment Succeeded":
            if full and self.fails(person, move)[0]:
                event = "Payment Failed"
            else:
                value, cost = self.money(plan)
        if full:
            if kind.phase:
                told["account_id"] = person.account
                told |= self.product(person, move)
            if kind.hints:
                told |= {k: person.seen[k] for k in ("job_title", "company_size", "country")}
                if person.form:
                    told["ledger"] = person.seen["ledger"]
            if kind.browser:
                told["browser"] = person.seen["browser"]
            self.invite(person, event, move, ms)
            if self.unheard(person, event, ms):
                return
        if self.rung.persona_known:
            told["persona"] = self.personas[person.persona]
        self.put(person, event, ms, told, value, cost)

    def invite(self, person, event, move, ms):
        what = self.company.invitation
        if event != what.of:
            return
        person.asked = getattr(person, "asked", {})
        j = person.asked.get(move, 0)
        person.asked[move] = j + 1
        if self.draw(person.key, ACCEPT, move, j)[0] < what.accepted:
            wait = (
                what.median_hours
                / 24.0
                * np.exp(what.sigma * normal(self.seed, person.key, ACCEPT_TIME, move, j))
            )
            name = hex_id("p", self.seed, person.key, COLLEAGUES, move, j)
            person.invited.append((ms + int(np.floor(wait * DAY_MS)), name))

    def unheard(self, person, event, ms):
        what = self.company.tracking
        if not self.company.incidents.tracking or event != what.event:
            return False
        begin = (what.first[0] - 1) * 7.0 + what.first[1] - 1
        end = (what.last[0] - 1) * 7.0 + what.last[1]
        return person.seen["browser"] == what.browser and begin <= ms / DAY_MS < end

    def money(self, plan):
        one, life = list(self.company.plan.values())[plan], self.company.life
        cost = one.variable_cost + life.fee_share * one.price + life.fee_fixed
        return int(one.price * 1_000_000 + 0.5), int(cost * 1_000_000 + 0.5)

    def contract(self, plan, start):
        day = self.company.first_day + timedelta(days=int(np.floor(start)))
        return {"plan": list(self.company.plan)[plan], "subscription_started_at": day.isoformat()}

    # ------------------------------------------------------------ accounts

    def fails(self, person, move):
        life = self.company.life
        fails, heals = self.draw(person.key, PAYMENT, move)
        healed = heals < life.payment_heals
        wait = (heals / life.payment_heals if healed else 1.0) * life.heal_days
        return fails < life.payment_fails, healed, wait

    def buy(self, person, move, start, late, trials):
        shares = self.company.persona[self.personas[person.persona]].plan
        plan = choice(shares, self.draw(person.key, PLAN, move)[0])
        self.act(person, move, 7, LEFT, start, trials, plan)
        person.visits.append((7, 9, start, None, False, False))
        if self.rung.full:
            fails, heals, wait = self.fails(person, move)
            if fails:
                ms = int(np.floor((start + wait) * DAY_MS))
                told = {"phase": "customer", "account_id": person.account, **self.product(person)}
                if not heals:
                    self.put(person, "Subscription Cancelled", ms, told)
                    return
                told |= self.contract(plan, start)
                self.put(person, "Payment Succeeded", ms, told, *self.money(plan))
        person.contracts = [(plan, start, max(late, 0), 0)]

    def anniversary(self, start, month):
        whole_day = np.floor(start)
        day = self.company.first_day + timedelta(days=int(whole_day))
        number = day.year * 12 + day.month - 1 + month
        year, of_year = divmod(number, 12)
        after = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
        length = (after - date(year, of_year + 1, 1)).days
        then = date(year, of_year + 1, min(day.day, length))
        return (then - self.company.first_day).days + (start - whole_day)

    def first_month(self, start):
        month = max(int(np.floor(-start / MONTH_DAYS)) - 1, 0)
        while self.anniversary(start, month) < 0.0:
            month += 1
        return month

    def pay(self, person):
        if not self.rung.full:
            for plan, start, _, _ in person.contracts:
                self.pay_plainly(person, plan, start)
            return
        contracts = person.contracts
        while contracts:
            back = self.live(person, *contracts[0])
            contracts = [back] if back and self.company.incidents.returns else []

    def pay_plainly(self, person, plan, start):
        life = self.company.life
        month = self.first_month(start)
        while self.anniversary(start, month) < self.window:
            if month > 0:
                told = {"phase": "customer", **self.contract(plan, start)}
                told["plan"] = list(self.company.plan)[plan]
                if self.rung.persona_known:
                    told["persona"] = self.personas[person.persona]
                ms = int(np.floor(self.anniversary(start, month) * DAY_MS))
                self.put(person, "Subscription Renewed", ms, told, *self.money(plan))
            luck = self.draw(person.key, LIFE, month)[0]
            cancel = list(self.company.plan.values())[plan].cancel
            cancel = cancel * (life.early_factor if month < life.early_months else 1.0) * 1.0
            limit = life.seat_limit[person.persona] if plan == 1 else 0.0
            cancel = cancel + limit * life.limit_cancel
            up = life.starter_up[person.persona] if plan == 0 else limit * life.limit_up
            down = life.team_down if plan == 1 else 0.0
            if luck < cancel:
                return
            if luck < cancel + up:
                plan += 1
            elif luck < cancel + up + down:
                plan -= 1
            month += 1

    def live(self, person, plan, start, late, term):
        """Live one contract; return the one that follows when the payer comes back."""
        company, life, key = self.company, self.company.life, person.key
        entered = max(self.first_month(start) - 1, 0)
        alone = (
            self.draw(key, CHAMPION, term, 1)[0]
            < life.one_admin * company.frictions.champion_leaves
        )
        admin, cramped = ("there" if alone else "many"), False
        seats0 = 1 + poisson(
            list(company.plan.values())[plan].seats_at_purchase, self.draw(key, SEATS, term)[0]
        )
        rows, month, back = [], entered, None
        while (begin := self.anniversary(start, month)) < self.window:
            place = term * 1000 + month
            leaves, quits = self.draw(key, CHAMPION, place)
            luck, moving = self.draw(key, LIFE, place)
            when = self.draw(key, LIFE_TIME, place)[0]
            partial, cancels, hits, moves = begin < 0.0, False, False, 0
            lost = admin == "there" and leaves < life.admin_lost and not partial
            gone = admin == "lost" or lost
            if not partial:
                share = (life.admin_cancels_starter if plan == 0 else 1.0) * life.admin_cancels
                hazard = list(company.plan.values())[plan].cancel
                hazard = hazard * (life.early_factor if month < life.early_months else 1.0)
                hazard = hazard * (life.late_factor if late == 1 else 1.0)
                cancels = (lost and quits < share) or luck < hazard
                limit = life.seat_limit[person.persona] if plan == 1 else 0.0
                hits = moving < limit and not cramped and not cancels
                cancels = cancels or (
                    hits
                    and limit * life.limit_up
                    <= moving
                    < limit * (life.limit_up + life.limit_cancel)
                )
                up = hits and moving < limit * life.limit_up
                up = up or (plan == 0 and moving < life.starter_up[person.persona])
                down = plan == 1 and limit <= moving < limit + life.team_down
                moves = 0 if cancels else int(up) - int(down)
                cramped = (cramped or (hits and not up)) and moves == 0
            end = self.anniversary(start, month + 1)
            rows.append((month, begin, end, plan, cancels, hits, moves, gone, when, partial))
            if cancels:
                back = self.pays_again(person, plan, begin + when * (end - begin), late, term)
                break
            admin = "lost" if lost else admin
            plan, month = plan + moves, month + 1
        self.bill(person, rows, start, term)
        self.use(person, rows, term, seats0, entered)
        return back

    def pays_again(self, person, plan, day, late, term):
        life, back = self.company.life, self.company.returns
        slowly, launched = self.draw(person.key, REACTIVATE, term)
        wait = np.log(1.0 - np.float64(slowly)) / np.log(1.0 - np.float64(life.reactivates))
        when = day + wait * MONTH_DAYS if wait < life.reactivate_months else np.inf
        launch = (back.launch_week - 1) * 7.0
        called = list(self.company.plan)[plan] == back.launch_plan and day < launch
        if called and launched < back.launch_cancelled:
            when = min(when, launch + 7.0 * launched / back.launch_cancelled)
        return (plan, when, late, term + 1) if when < self.window else None

    def customer(self, person):
        told = {"phase": "customer", "account_id": person.owner.account}
        return told | self.product(person)

    def bill(self, person, rows, start, term):
        for month, begin, _, plan, *_, partial in rows:
            told = self.customer(person) | self.contract(plan, start)
            ms = int(np.floor(begin * DAY_MS))
            if month == 0 and term > 0:
                self.put(person, "Subscription Started", ms, told)
                self.put(person, "Payment Succeeded", ms, told, *self.money(plan))
            elif month > 0 and not partial:
                self.put(person, "Subscription Renewed", ms, told, *self.money(plan))

    def use(self, person, rows, term, seats0, entered):
        company, use, key = self.company, self.company.use, person.key
        clock = self.clocks[person.persona]
        last = next((row[0] for row in rows if row[4]), 10**9)
        fast = self.personas[person.persona] == use.fast_persona
        growth = 1.0 + (use.growth_fast if fast else use.growth)
        for month, begin, end, plan, cancels, hits, moves, gone, when, _ in rows:
            place = term * 1000 + month
            low, until = clock.to_active(begin), when if cancels else 1.0
            length = clock.to_active(end) - low

            def day(share, low=low, length=length):
                return clock.to_day(low + share * length)

            def put(who, event, at):
                self.put(who, event, int(np.floor(at * DAY_MS)), self.customer(who))

            if hits:
                put(person, "Seat Limit Reached", day(when) + 0.0 / 1440.0)
            if moves > 0:
                put(person, "Plan Upgraded", day(when) + (0.0 if plan == 0 else 4.0) / 1440.0)
            if moves < 0:
                put(person, "Plan Downgraded", day(when) + 0.0 / 1440.0)
            if cancels:
                put(person, "Subscription Cancelled", day(when) + 6.0 / 1440.0)
            luck, at = self.draw(key, CLOSE, place)
            if at < until:
                put(person, "Close Started", day(at))
                chance = use.closes * (use.closes_before_cancel if month >= last - 1 else 1.0)
                if luck < chance * (use.closes_without_champion if gone else 1.0):
                    put(person, "Close Completed", day(at) + use.close_minutes / 1440.0)
            luck, at = self.draw(key, REFER, place)
            if luck < use.refers and month >= use.refers_after and at < until:
                put(person, "Referral Sent", day(at))
            seats = int(np.floor(seats0 * np.power(growth, month - entered)))
            seats = min(seats, list(company.plan.values())[plan].seats)
            members = [person, *person.colleagues]
            chance = self.draw(key, USE_COUNT, place)[0]
            for j in range(poisson(use.events_a_seat * seats, chance)):
                who, at = self.draw(key, USE, place, j)
                if at < until:
                    which = int(np.floor(who * len(members)))
                    what = choice(use.mix, who * len(members) - which)
                    put(members[which], use.events[what], day(at))

    # ------------------------------------------------------------ the file

    def lines(self, everybody):
        """Return the lines of the event file in the order of arrival."""
        begin, end = (self.first_ms + day * DAY_MS for day in (0, int(self.window)))
        if self.rung.full:
            home = Person(0, 0)
            home.hours = 1
            begin, end = (self.utc(home, day * DAY_MS) for day in (0, int(self.window)))
        rows = []
        for person in everybody:
            for order, event in enumerate(person.events):
                if begin <= event[0] < end:
                    rows.append((event[0], person.index, order, person, event))
        rows.sort(key=lambda row: row[:3])
        market = Market(self, everybody, rows, begin, end)
        sent, arrivals = {}, []
        for number, (ms, index, _, person, event) in enumerate(rows):
            ordinal = sent[index] = sent.get(index, -1) + 1
            line = self.line(person, ordinal, event, market.whose(number))
            arrivals += self.arrive(person, ordinal, ms, number, line)
        arrivals.sort(key=lambda row: row[:3])
        return market.with_strangers([(rows[row[2]][0], row[3]) for row in arrivals])

    def arrive(self, person, ordinal, ms, number, line):
        noise = self.company.noise
        if not self.rung.full:
            return [(ms, 0, number, line)]
        who = int(person.id[-8:], 16)
        again, late = self.draw(who, NOISE, ordinal)
        pause, days = self.draw(who, NOISE, ordinal, 1)
        low, high = noise.late_days
        if noise.late and late < noise.late_share:
            ms += int(np.floor((low + (high - low) * days) * DAY_MS))
        out = [(ms, 0, number, line)]
        if noise.duplicates and again < noise.duplicate_share:
            out.append((ms + int(np.floor(pause * 3_600_000)), 1, number, line))
        return out

    def line(self, person, ordinal, event, whose):
        ms, name, told, value, cost = event
        order = (
            ("section", "phase", "plan", "subscription_started_at", "persona")
            if not self.rung.full
            else (
                "section",
                "phase",
                "plan",
                "subscription_started_at",
                "ledger",
                "lines_a_month",
                "job_title",
                "company_size",
                "country",
                "browser",
                "account_id",
            )
        )
        properties = {key: told[key] for key in order if told.get(key) is not None}
        if value:
            amount, spent = value / 1_000_000, cost / 1_000_000
            properties |= {
                "amount": int(amount),
                "currency": "EUR",
                "variable_cost": round(spent, 4),
            }
        if name == "Subscription Started":
            price = self.company.plan[told["plan"]].price
            properties |= {"billing": "monthly", "mrr_cents": round(price * 100), "currency": "EUR"}
        known, device, message, ahead = whose or (True, None, person.id, 0)
        return written(
            name,
            person.id if known else None,
            device,
            f"{message}-{ordinal}",
            ms + ahead,
            {"properties": properties},
        )


def written(name, known, device, message, ms, rest):
    stamp = EPOCH + timedelta(milliseconds=int(ms))
    line = {"type": "page" if name == "Page Viewed" else "track", "event": name}
    if known is not None:
        line["userId"] = known
    if device is not None:
        line["anonymousId"] = device
    line |= {"messageId": message, "timestamp": stamp.isoformat(timespec="milliseconds") + "Z"}
    return json.dumps(line | rest, separators=(",", ":"))


class Market:
    """On which device each row was sent and whether it says by whom; and who else is in the file."""

    def __init__(self, world, everybody, rows, begin, end):
        self.world, self.company, self.noise = world, world.company, world.company.noise
        self.everybody, self.begin, self.end = everybody, begin, end
        self.places = {}
        self.on = world.rung.full
        if self.on and self.noise.identity:
            self.settle(rows)

    def ask(self, person, purpose, index=0):
        number = int(person.id[1:], 16)
        return self.world.draw(number % TWO32, purpose, number // TWO32, index)

    def whose(self, number):
        return self.places.get(number)

    def share(self, count):
        return round(count * len(self.everybody) / self.company.size.people)

    def own(self, event):
        return event[1] in self.noise.signs or event[2].get("phase") is not None

    def settle(self, rows):
        mine = {}
        for number, (ms, index, _, _, event) in enumerate(rows):
            mine.setdefault(index, []).append((number, ms, event))
        kiosk = self.kiosks(mine)
        for index, said in mine.items():
            self.settle_one(self.everybody[index], said, kiosk.get(index))

    def kiosks(self, mine):
        offices = {}
        for index, said in sorted(mine.items()):
            if any(self.own(event) for _, _, event in said):
                offices.setdefault(self.everybody[index].owner.index, []).append(index)
        low, high = self.noise.kiosk_people
        offices = {owner: people for owner, people in offices.items() if len(people) >= low}
        luck = {owner: self.ask(self.everybody[owner], KIOSK) for owner in offices}
        chosen = sorted(offices, key=lambda owner: (luck[owner][0], owner))
        found = {}
        for number, owner in enumerate(chosen[: self.share(self.noise.kiosks)]):
            size = low + int(luck[owner][1] * (high - low + 1))
            found |= dict.fromkeys(offices[owner][:size], number)
        return found

    def settle_one(self, person, said, kiosk):
        noise, seed = self.noise, self.world.seed
        number = int(person.id[1:], 16)
        chance, unknown = self.ask(person, DEVICE)
        several = 1 + (chance < noise.two_devices + noise.three_devices)
        several += chance < noise.three_devices
        never = several > 1 and unknown < noise.never_identified
        last = max((ms // DAY_MS for _, ms, event in said if self.own(event)), default=-1)
        message = hex_id("m", seed, number % TWO32, MESSAGE, number // TWO32)
        logged = set()
        for place, ms, event in said:
            which, there = self.ask(person, DEVICE_DAY, ms // DAY_MS)
            device = 0
            if several > 1 and which >= noise.main_device:
                share = (which - noise.main_device) / (1.0 - noise.main_device)
                device = 1 + int(share * (several - 1))
            own = self.own(event)
            if own and device == 1 and never:
                device = 0
            if own and kiosk is not None and (there < noise.kiosk_days or ms // DAY_MS == last):
                self.places[place] = (True, hex_id("d", seed, kiosk, KIOSK, 1, 1), message, 0)
                continue
            if own:
                logged.add(device)
            name = hex_id("d", seed, number % TWO32, DEVICE, number // TWO32, 1 + device)
            ahead = self.ahead(person, device, ms)
            self.places[place] = (device in logged, name, message, ahead)

    def ahead(self, person, device, ms):
        wrong, far = self.ask(person, SKEW, device)
        if wrong >= self.noise.skew_share:
            return 0
        low, high = self.noise.skew_hours
        hours = low + (high - low) * abs(2.0 * far - 1.0)
        ahead = int(np.floor((-hours if far < 0.5 else hours) * 3_600_000))
        return ahead if self.begin <= ms + ahead < self.end else 0

    # ------------------------------------------------------------ strangers

    def with_strangers(self, arrived):
        """Put the lines of strangers among the others, each behind what had arrived by then."""
        if not (self.on and self.noise.strangers):
            return [line for _, line in arrived]
        unknown = sum(not place[0] for place in self.places.values())
        waiting = sorted(self.strangers(unknown), key=lambda row: row[:2])
        sent, out, latest = {}, [], -1
        for ms, line in [*arrived, (10**15, None)]:
            latest = max(latest, ms)
            while waiting and waiting[0][0] < latest:
                at, who, tell = waiting.pop(0)
                sent[who] = sent.get(who, -1) + 1
                out.append(tell(at, sent[who]))
            if line is not None:
                out.append(line)
        return out

    def strangers(self, unknown):
        world = self.world
        home = Person(0, 0)
        home.hours = 1
        for kind, one in enumerate(self.company.stranger):
            for k in range(self.share(one.count)):
                key = kind * 10_000 + k
                name = hex_id(one.letter, world.seed, key, STRANGER)
                device = hex_id("d", world.seed, key, STRANGER, 1)
                for j in range(poisson(one.visits, world.draw(key, STRANGER, 2)[0])):
                    day, hour = world.draw(key, STRANGER, 3, j)
                    first, last = one.hours
                    local = int(np.floor(day * self.company.weeks * 7)) * DAY_MS
                    local += int(np.floor((first + (last - first) * hour) * 3_600_000))
                    begun = world.utc(home, local)
                    for row, event in enumerate(one.events):
                        at = begun + row * round(one.gap_seconds * 1000)
                        yield at, (kind, k), self.telling(event, one.phase, name, device)
        yield from self.bots(unknown)

    def bots(self, unknown):
        what, world = self.company.bots, self.world
        wanted, k = round(unknown * what.share / (1.0 - what.share)), 0
        kind = len(self.company.stranger)
        low, high = what.minutes
        while wanted > 0:
            key = kind * 10_000 + k
            long, when = world.draw(key, STRANGER, 2)
            device = hex_id("d", world.seed, key, STRANGER, 1)
            start = self.begin + int(np.floor(when * (self.end - self.begin - high * 60_000)))
            pages = min(what.pages_a_minute * (low + int(long * (high - low + 1))), wanted)
            for page in range(pages):
                at = start + page * (60_000 // what.pages_a_minute)
                yield at, (kind, k), self.telling(what.event, "", None, device)
            wanted, k = wanted - pages, k + 1

    def telling(self, event, phase, name, device):
        what = self.company.bots
        said = {"phase": phase} if phase else {}
        if event == what.event:
            said = {"section": what.section}
        rest = {"properties": said}
        if name is None:
            rest["context"] = {"userAgent": what.agent}
        return lambda at, number: written(event, name, device, f"{device}-{number}", at, rest)


def whole(day):
    return np.floor(day * DAY_MS) / DAY_MS


def sunday(year, month):
    day = date(year, month, 31)
    day -= timedelta(days=(day.weekday() + 1) % 7)
    return (day - date(1970, 1, 1)).days * DAY_MS + 3_600_000


def naive_lines(company, *, people, seed, rung):
    """Return the whole event file of a small world, line by line."""
    world = Naive(company, people, seed, rung)
    return world.lines(world.run())
