"""What a format says, in words for a person: whose, what, when, what it hides."""

from __future__ import annotations

from dataclasses import replace

from pathworth.collect.contracts import FileMapping, Role
from pathworth.collect.importers.catalogue import format_of
from pathworth.collect.importers.contracts import Format

_MONEY = ("value", "cost", "currency")


def roles_of(form: Format) -> list[Role]:
    """Return what a format says of its columns, as roles to be shown."""
    because = "as the format says"
    if form.daily is not None:
        dimensions = ", ".join(form.daily.dimensions) or None
        return [
            Role("measures", ", ".join(form.event_names()), because, sure=True),
            Role("dimensions", dimensions, because, sure=True),
        ]
    times = list(dict.fromkeys(event.time for event in form.events))
    roles = [
        Role("entity", form.entity, because, sure=True),
        Role("event", ", ".join(form.event_names()), because, sure=True),
        Role("time", ", ".join(times), because, sure=True),
    ]
    for role in _MONEY:
        specs = dict.fromkeys(s for event in form.events if (s := getattr(event, role)))
        roles += [Role(role, ", ".join(specs), because, sure=True)] if specs else []
    if form.id is not None:
        spec = form.id if isinstance(form.id, str) else " + ".join((*form.id, "name"))
        roles.append(Role("id", spec, because, sure=True))
    return roles


def words_of(mapping: FileMapping) -> FileMapping:
    """Return a mapping with the columns as a person knows them, for what is said about a row."""
    form = format_of(mapping)
    if form is None:
        return mapping
    said = {role.name: role.column for role in roles_of(form)}
    return replace(mapping, entity=said["entity"], event=said["event"], time=said["time"])


def notes_of(form: Format) -> tuple[str, ...]:
    """Return what a person should know who imports a file of a format."""
    notes = [f"Read as {form.title}; --format plain reads it as any other file."]
    if form.sees is not None:
        least, most = round(100 * form.sees.least), round(100 * form.sees.most)
        notes.append(f"It shows {least} to {most} % of what happened: {form.sees.because}")
    return (*notes, *form.notes)
