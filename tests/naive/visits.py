"""Slow, obvious twins of the kernels in `pathworth.kernels.visits`, one entity and one visit at a time."""

from __future__ import annotations

from bisect import bisect_right

EXIT, CENSORED = -1, -2
LEAVING, CONTRACT = 1, 2


def find_visits(offset, codes, time_us, gap_us):
    """Return (entity, step, first, last) of every visit."""
    rows = []
    for e in range(len(offset) - 1):
        of_steps = [k for k in range(offset[e], offset[e + 1]) if codes[k] >= 0]
        before = None
        for k in of_steps:
            again = before is not None and codes[k] == codes[before]
            if again and time_us[k] - time_us[before] <= gap_us:
                rows[-1][3] = k + 1
            else:
                rows.append([e, int(codes[k]), k, k + 1])
            before = k
    return rows


def half_up_ms(us):
    return (int(us) + 500) // 1000


def follow(visits, starts, tau_ms, ends, under_contract, end_us):
    """Return (in the chain, entry, cause, sojourn in ms) of every visit."""
    rows = []
    for v, (entity, step, _, _) in enumerate(visits):
        mine = [u for u in range(v) if visits[u][0] == entity]
        in_chain, entry = place_of(v, mine, rows, visits, starts, tau_ms, ends, under_contract)
        following = [u for u in range(v + 1, len(visits)) if visits[u][0] == entity][:1]
        ages = [half_up_ms(starts[u] - starts[v]) for u in following if starts[u] < end_us]
        age = half_up_ms(end_us - starts[v])
        if ends[step]:
            cause, sojourn = EXIT, 0
        elif ages and ages[0] < tau_ms[step]:
            cause, sojourn = visits[following[0]][1], ages[0]
        elif age >= tau_ms[step]:
            cause, sojourn = EXIT, int(tau_ms[step])
        else:
            cause, sojourn = CENSORED, max(age, 0)
        rows.append((in_chain, entry, cause, sojourn))
    return rows


def place_of(v, mine, rows, visits, starts, tau_ms, ends, under_contract):
    entity = visits[v][0]
    if under_contract[entity]:
        return False, False
    chained = [u for u in mine if rows[u][0]]
    if not chained:
        return True, True
    last = chained[-1]
    step = visits[last][1]
    if ends[step] == CONTRACT:
        return False, False
    away = half_up_ms(starts[v] - starts[last]) >= tau_ms[step]
    if ends[step] == LEAVING:
        return away, away
    return True, away


def money(offset, time_us, net, visits, until_us):
    """Return the net money of every visit up to the next one, or to its end."""
    sums = []
    for v, (entity, _, first, last) in enumerate(visits):
        stop = offset[entity + 1]
        if v + 1 < len(visits) and visits[v + 1][0] == entity:
            stop = visits[v + 1][2]
        own = sum(int(net[k]) for k in range(first, last))
        later = sum(int(net[k]) for k in range(last, stop) if time_us[k] < until_us[v])
        sums.append(own + later)
    return sums


def sojourns(rows, edges_ms, steps):
    """Count rows (in the chain, entry, persona, step, cause, sojourn, money) into plain dictionaries."""
    counts, sums, entrants = {}, {}, {}
    for in_chain, entry, persona, step, cause, sojourn, earned in rows:
        if not in_chain:
            continue
        what = {EXIT: steps, CENSORED: steps + 1}.get(cause, cause)
        age = bisect_right(list(edges_ms), sojourn)
        counts[persona, step, what, age] = counts.get((persona, step, what, age), 0) + 1
        if cause != CENSORED:
            sums[persona, step, what] = sums.get((persona, step, what), 0) + earned
        if entry:
            entrants[persona, step] = entrants.get((persona, step), 0) + 1
    return counts, sums, entrants


def people(rows, steps):
    """Return who took which move and was at which step, as sets, and the time of the moves."""
    who, elapsed = {}, {}
    for entity, in_chain, step, cause, sojourn in rows:
        who.setdefault((step, steps + 1), set()).add(entity)
        if in_chain and cause != CENSORED:
            what = steps if cause == EXIT else cause
            who.setdefault((step, what), set()).add(entity)
            elapsed[step, what] = elapsed.get((step, what), 0) + sojourn
    return who, elapsed
