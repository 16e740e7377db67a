"""The priced chain: visits, sojourns, worth at purchase, and the price of every arrow."""

from pathworth.value.chain.decide import decide, visits
from pathworth.value.chain.plan import Plan
from pathworth.value.chain.price import price, sampling_price
from pathworth.value.chain.visits import Visits, all_visits

__all__ = ["Plan", "Visits", "all_visits", "decide", "price", "sampling_price", "visits"]
