"""Names and addresses of people, from their raw ids alone; every domain ends in .example."""

from __future__ import annotations

from pathworth.learn.company.parameters import Company


def person_name(company: Company, id_: str) -> str:
    """Return the name of whoever bears a raw id: a letter and twelve hexadecimal digits."""
    names, number = company.names, int(id_[1:], 16)
    first = names.first[number % len(names.first)]
    return f"{first} {names.last[number // len(names.first) % len(names.last)]}"


def mail_of(company: Company, id_: str, *, account: str) -> str:
    """Return the address of somebody at the firm of an account, by their raw ids."""
    firm, number = company.names.firm, int(account[1:], 16)
    name = person_name(company, id_).lower().replace(" ", ".")
    return f"{name}.{id_[-4:]}@{firm[number % len(firm)]}-{account[-6:]}.example"
