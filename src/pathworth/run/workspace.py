"""An opened workspace: the store with everything above it wired to it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pathworth import atlas, measure, store
from pathworth.base.errors import BadInput, NotSupported, UnknownName
from pathworth.base.instants import to_instant_us
from pathworth.base.period import FOREVER_US, Period
from pathworth.journeys import (
    Engine,
    Journeys,
    LocalEngine,
    Step,
    check_slicing,
    read_slicing,
)
from pathworth.run.cluster import engine_of
from pathworth.run.intake.entities import Entities, journeys_of
from pathworth.run.intake.exclusions import LeavingOut
from pathworth.run.privacy.handles import check_ids
from pathworth.run.privacy.leaving import check_units
from pathworth.run.privacy.veil import Veil
from pathworth.run.selection import Selection

if TYPE_CHECKING:
    from pathworth.run.persons.segments import Segments

FIRST_MAP = "journey"


@dataclass(frozen=True)
class Workspace:
    """A folder with one company's journeys, opened.

    Parameters
    ----------
    store
        The folder itself.
    engine
        Where folds run.
    """

    store: store.Workspace
    engine: Engine = field(default_factory=LocalEngine)

    def __post_init__(self) -> None:
        """Let every snapshot of the store leave out whom the workspace's rules exclude, and mask what is personal."""
        self.store.look_through(Veil(self.store, LeavingOut(self.store)))

    @property
    def segments(self) -> Segments:
        """Return the saved segments: ``save``, ``list``, ``show``, ``delete``."""
        from pathworth.run.persons.segments import Segments

        return Segments(self)

    @property
    def entities(self) -> Entities:
        """Return the entities that are declared beside people: ``cost``, ``add``, ``list``, ``remove``, ``renew``."""
        return Entities(self.store)

    def journeys(
        self,
        *,
        where: str | None = None,
        who: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        of: str = "person",
        holding: str | None = None,
    ) -> Journeys:
        """Select whose journeys, and which of their events, a question is about.

        Parameters
        ----------
        where
            Predicate that keeps events, for example ``channel = 'ads'``.
        who
            Predicate over traits that keeps entities.
        from_, to
            ISO dates or instants; the period is from the first up to but without the second.
        of
            ``person``, ``session``, ``session(gap=1h)``, ``session(id=COLUMN)``, ``session(event=NAME)`` or the name
            of a declared entity, such as ``account``.
        holding
            Property whose value stays the same inside a unit, such as ``cart_id``.
        """
        return self.select(Selection(where, who, from_, to, of=of, holding=holding))

    def select(
        self,
        selection: Selection,
        document: atlas.MapDocument | None = None,
        *,
        map_name: str | None = None,
    ) -> Journeys:
        """Turn a selection into journeys; personas and functions speak of a map, the first one unless said."""
        check_units(selection.of, selection.holding)
        if document is None and speaks_of_map(selection):
            document = self.known_map(map_name)
        zone = self.store.timezone
        period = Period(
            -FOREVER_US if selection.from_ is None else to_instant_us(selection.from_, zone),
            FOREVER_US if selection.to is None else to_instant_us(selection.to, zone),
        )
        who = _with_persona(selection, document)
        steps = () if document is None else document.named_steps()
        snapshot, cut = journeys_of(self.store, selection.of)
        check_ids(snapshot, (selection.where, selection.who))
        slicing = read_slicing(cut, selection.holding)
        check_slicing(slicing, snapshot)
        return Journeys(
            snapshot, where=selection.where, who=who, period=period, steps=steps, slicing=slicing
        )

    def select_both(
        self, pair: tuple[Selection, Selection], *, map_name: str | None = None
    ) -> tuple[Journeys, Journeys]:
        """Turn two selections into journeys of one snapshot, however much comes in meanwhile."""
        first, second = (self.select(one, map_name=map_name) for one in pair)
        return first, replace(second, snapshot=first.snapshot)

    def known_map(self, name: str | None = None) -> atlas.MapDocument | None:
        """Return the newest revision of a map; null when none was kept and none is asked for by name."""
        return self.map(name)[0] if name or self.store.maps() else None

    def map(self, name: str | None = None) -> tuple[atlas.MapDocument, int]:
        """Return the newest revision of a map and its number; the first one is discovered and kept."""
        known = [one.name for one in self.store.maps()]
        if not name and not known:
            # Whoever is faster keeps it: what a person made of it meanwhile is not put under another.
            document = self._discovered(FIRST_MAP, where=None)
            text = atlas.dump_map(document)
            self.store.save_map(FIRST_MAP, text, author="discovery", first=True)
            return self.map(FIRST_MAP)
        chosen = name or known[0]
        if chosen not in known:
            raise UnknownName.near("map", chosen, known)
        kept = self.store.map(chosen)
        return _read(kept.document), kept.revision

    def steps(self, words: Sequence[str], map_name: str | None) -> list[measure.StepWord]:
        """Return steps as a question takes them: with a map a name or id of its steps comes first.

        What is no step of the map is an event's name or ``name := predicate``.
        """
        if map_name is None:
            return list(words)
        return [self._step(word, map_name) for word in words]

    def _step(self, word: str, map_name: str) -> measure.StepWord:
        """Return a word, or the step that it stands for where a step of the map is in it."""
        events = self.store.snapshot().names
        document, _ = self.map(map_name)
        named = {key: one for one in document.steps for key in (one.name, one.id)}
        bare, may = measure.read_optional(word, {*named, *events})
        if bare not in named and bare in events:
            return word
        read = measure.Written((bare,)) if bare in named else measure.read_body(bare)
        if read.rule is not None:
            return word
        steps = [
            Step(name, measure.name_rule(name))
            if name not in named and name in events
            else self.map_steps([name], map_name)[0]
            for name in read.names
        ]
        return measure.optional(measure.one_of(steps)) if may else measure.one_of(steps)

    def exclusions(self, words: Sequence[str], map_name: str | None) -> list[measure.ExclusionWord]:
        """Return what ends attempts as a question takes it; its step is read as by ``steps``."""
        if map_name is None:
            return list(words)
        known = self.store.snapshot().names
        read = [measure.read_exclusion(word, known) for word in words]
        return [replace(one, step=self._step(str(one.step), map_name)) for one in read]

    def map_steps(self, names: Sequence[str], map_name: str) -> list[Step]:
        """Return steps of a map by id or name, as a question takes them."""
        document, _ = self.map(map_name)
        by_word = {word: one for one in document.steps for word in (one.name, one.id)}
        unknown = next((name for name in names if name not in by_word), None)
        if unknown is not None:
            raise UnknownName.near("step", unknown, by_word)
        chosen = [by_word[name] for name in names]
        unseen = next((one for one in chosen if one.rule is None), None)
        if unseen is not None:
            raise NotSupported(
                "STEP_WITHOUT_RULE",
                f"Nothing observed says who takes {unseen.name!r}.",
                "Give the step a rule, or leave it out.",
            )
        return [Step(one.name, one.rule or "") for one in chosen]

    def discover(
        self, name: str = FIRST_MAP, *, where: str | None = None
    ) -> tuple[atlas.MapDocument, int]:
        """Propose a map from raw events, or from those that ``where`` keeps, as the next revision of that map."""
        document = self._discovered(name, where=where)
        return document, self._keep(document, "discovery")

    def _discovered(self, name: str, *, where: str | None) -> atlas.MapDocument:
        journeys, declared = self.journeys(where=where), self.store.declarations()
        return atlas.discover(
            journeys, declarations=declared, engine=self.engine, name=name
        ).document

    def save_map(self, file: Path) -> tuple[atlas.MapDocument, int]:
        """Keep a map file as the next revision of the map that it names."""
        document = atlas.load_map(text_of(file))
        return document, self._keep(document, "file")

    def _keep(self, document: atlas.MapDocument, author: str) -> int:
        return self.store.save_map(document.name, atlas.dump_map(document), author=author)


def init(
    folder: str | Path,
    *,
    timezone: str = "UTC",
    currency: str = "EUR",
    database: str | None = None,
) -> Workspace:
    """Begin a workspace in a new folder.

    Parameters
    ----------
    folder
        Where; it must not hold a workspace yet.
    timezone
        IANA name; times without a zone are read in it, days and weeks are its days and weeks.
    currency
        Three-letter code of money without one.
    database
        Address of an empty database on a server, such as ``postgresql+psycopg://name@host/shop``; null for a file.
    """
    made = store.Workspace.create(folder, timezone=timezone, currency=currency, database=database)
    return Workspace(made)


def open_workspace(folder: str | Path) -> Workspace:
    """Open the workspace in a folder."""
    opened = store.Workspace.open(folder)
    return Workspace(opened, engine_of(opened))


def speaks_of_map(selection: Selection) -> bool:
    """Return whether a selection can be read only with a map."""
    said = f"{selection.who} {selection.where}".lower()
    return selection.persona is not None or any(word in said for word in ("did", "matches"))


@functools.lru_cache(maxsize=32)
def _read(document: str) -> atlas.MapDocument:
    """Read a kept map; texts are never changed, so that each is read once."""
    return atlas.load_map(document)


def _with_persona(selection: Selection, document: atlas.MapDocument | None) -> str | None:
    if selection.persona is None:
        return selection.who
    if document is None or document.persona is None:
        raise NotSupported(
            "NO_PERSONA",
            "This map names no persona.",
            "Name the property that carries it in the map.",
        )
    value = selection.persona.replace("'", "''")
    rule = f"\"{document.persona}\" = '{value}'"
    # On a line of its own: what was written may end with a comment.
    return rule if selection.who is None else f"({selection.who}\n) and {rule}"


def text_of(file: Path) -> str:
    """Return the text of a map file.

    Raises
    ------
    BadInput
        ``NO_FILE`` when it cannot be read as text.
    """
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "NO_FILE", f"{file} cannot be read as text.", "Name a map file in YAML."
        ) from error
