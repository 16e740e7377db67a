"""Checks maps against the data of a workspace, proposes changes to them, and keeps new revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathworth import atlas, measure
from pathworth.base.errors import Refused, WrongUsage
from pathworth.run.workspace import Workspace, text_of


def check_map(workspace: Workspace, file: Path | None = None) -> tuple[atlas.Finding, ...]:
    """Return what is wrong with a map; empty when nothing is.

    Parameters
    ----------
    workspace
        Whose events the rules are held against.
    file
        A map file; null for the workspace's newest map.
    """
    document = workspace.map()[0] if file is None else atlas.load_map(text_of(file))
    return tuple(atlas.check_map(document, workspace.store.snapshot(), engine=workspace.engine))


@dataclass(frozen=True)
class SavedMap:
    """A map as it was kept: which revision it is now, by whom, and what its reader should know."""

    document: atlas.MapDocument
    revision: int
    author: str
    findings: tuple[atlas.Finding, ...]


@dataclass(frozen=True)
class MapDraft:
    """A map with the steps of a question on it, not kept yet; ``onto`` is the revision that it changes."""

    document: atlas.MapDocument
    onto: int
    added: tuple[str, ...]
    kept: tuple[str, ...]
    findings: tuple[atlas.Finding, ...]


def keep_map(
    workspace: Workspace, document: atlas.MapDocument, *, author: str, onto: int | None = None
) -> SavedMap:
    """Keep a map as the next revision of the map of its name.

    Parameters
    ----------
    workspace
        Where it is kept.
    document
        The map.
    author
        Who says so.
    onto
        The revision that was changed; null to put it on top of whatever is there.

    Raises
    ------
    WrongUsage
        ``MAP_HAS_ERRORS`` when a rule of maps is broken.
    Refused
        ``MAP_CHANGED`` when somebody kept a newer revision meanwhile.
    """
    # The published schema is the form of every map, whichever way it came in.
    document = atlas.load_map(atlas.dump_map(document))
    findings = atlas.check_map(document, workspace.store.snapshot(), engine=workspace.engine)
    wrong = [one for one in findings if one.level == "error"]
    if wrong:
        rest = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise WrongUsage(
            "MAP_HAS_ERRORS", f"{wrong[0].where}: {wrong[0].message}{rest}", wrong[0].hint
        )
    newest = {one.name: one.revision for one in workspace.store.maps()}.get(document.name, 0)
    if onto is not None and onto != newest:
        raise Refused(
            "MAP_CHANGED",
            f"{document.name} has revision {newest} now, and revision {onto} was changed.",
            "Look at the newest revision and make the change there.",
        )
    revision = workspace.store.save_map(document.name, atlas.dump_map(document), author=author)
    return SavedMap(document, revision, author, tuple(findings))


def draft_map(
    workspace: Workspace, words: Sequence[str], *, map_name: str | None = None
) -> MapDraft:
    """Return a map with the steps of a question on it, without keeping it.

    Parameters
    ----------
    workspace
        Whose map and events.
    words
        Steps as a funnel takes them.
    map_name
        The map; the first one unless given.
    """
    document, revision = workspace.map(map_name)
    snapshot = workspace.store.snapshot()
    steps = measure.funnel_steps(workspace.steps(words, None), snapshot)
    made = atlas.add_steps(document, steps)
    findings = atlas.check_map(made.document, snapshot, engine=workspace.engine)
    return MapDraft(made.document, revision, made.added, made.kept, tuple(findings))


def personas_for(workspace: Workspace) -> tuple[atlas.PersonaChoice, ...]:
    """Return the properties that could tell kinds of people apart, the best first."""
    return atlas.persona_choices(workspace.journeys(), engine=workspace.engine)
