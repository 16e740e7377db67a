"""Which property of an event is its money: ``revenue``, or what an order comes to."""

from __future__ import annotations

import functools

import msgspec
from msgspec import Raw

from pathworth.collect.arrivals.parts.said import Scalar, object_of, scalar_of
from pathworth.collect.numbers import LARGEST

_BEFORE_PAYMENT = frozenset(
    {
        "cart viewed",
        "checkout started",
        "checkout step completed",
        "checkout step viewed",
        "order cancelled",
        "order updated",
        "payment info entered",
        "product added",
        "product added to wishlist",
        "product clicked",
        "product removed",
        "product removed from wishlist",
        "product viewed",
        "wishlist product added to cart",
    }
)
"""Events of the e-commerce convention that say what something would cost; counting them would count a sale twice."""
_REFUNDS = frozenset({"order refunded"})


class _Priced(msgspec.Struct):
    revenue: Scalar = None
    total: Scalar = None
    value: Scalar = None
    currency: Scalar = None


_read = msgspec.json.Decoder(_Priced).decode


Money = tuple[int | float | None, str | None]
"""An amount and its currency, null where they are not said."""


def money_of(event: str, properties: Raw, *, amount: int | float | None = None) -> Money:
    """Return the money that an event brings, and its currency.

    ``revenue`` is money by its name; ``total`` and then ``value`` are where a currency stands beside them, since both
    words are used for other things as well. What was given back counts below zero.

    Parameters
    ----------
    event, properties
        Its name, and an object.
    amount
        What the protocol says by a name of its own; only the currency is then looked for.
    """
    try:
        priced = _read(properties)
    except msgspec.ValidationError:
        held = {key: scalar_of(raw) for key, raw in object_of(properties).items() if key in _WORDS}
        priced = _Priced(**held)
    currency = currency_of(priced.currency)
    if amount is not None:
        return amount, currency
    amount = amount_of(priced.revenue)
    if amount is None and currency is not None:
        total = amount_of(priced.total)
        amount = amount_of(priced.value) if total is None else total
    if amount is None or event.lower() in _BEFORE_PAYMENT:
        return None, None
    return (-abs(amount) if event.lower() in _REFUNDS else amount), currency


_WORDS = frozenset(_Priced.__struct_fields__)


def amount_of(said: Scalar) -> int | float | None:
    """Return a number, also where it is written as text; null where it is none.

    An amount that cannot be read never costs the event: it stays the property that it is.
    """
    if said is None:
        return None
    if isinstance(said, str):
        try:
            said = float(said)
        except ValueError:
            return None
    # Not a number is not below it either.
    return said if not isinstance(said, bool) and abs(said) < LARGEST else None


def currency_of(said: Scalar) -> str | None:
    """Return a currency's code; null where it is none."""
    return _code(said) if isinstance(said, str) else None


@functools.lru_cache(maxsize=1024)
def _code(said: str) -> str | None:
    code = said.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None
