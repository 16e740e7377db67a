"""What sources do not see: the share of true events that each shows, as a range with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Float, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from pathworth.base.errors import BadInput, UnknownName
from pathworth.store.records.database import Base, lock

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


class BlindSpotRow(Base):
    """What one source shows."""

    __tablename__ = "blind_spots"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    least: Mapped[float] = mapped_column(Float)
    most: Mapped[float] = mapped_column(Float)
    because: Mapped[str] = mapped_column(Text)
    by_hand: Mapped[bool] = mapped_column()
    said_by: Mapped[str] = mapped_column(Text)
    said_at: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class BlindSpot:
    """The least and the greatest share of true events that a source shows, 0 to 1, and why.

    ``by_hand`` is false for what the format of an import says; ``said_by`` is that format, or the person.
    """

    source: str
    least: float
    most: float
    because: str
    by_hand: bool
    said_by: str
    said_at: str


class BlindSpots:
    """What the sources of a workspace do not see.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._database = workspace.database

    def all(self) -> tuple[BlindSpot, ...]:
        """Return what is said of every source, by its name."""
        with self._database.session() as session:
            rows = session.scalars(select(BlindSpotRow).order_by(BlindSpotRow.source))
            return tuple(_spot(row) for row in rows)

    def say(
        self,
        source: str,
        *,
        shows: tuple[float, float],
        because: str,
        said_by: str = "",
        by_hand: bool,
    ) -> BlindSpot:
        """Keep what a source shows; what a person said, no format says otherwise.

        Parameters
        ----------
        source
            Its name.
        shows
            The least and the greatest share of true events in it.
        because
            Why.
        said_by, by_hand
            The person, or the format of a file.

        Raises
        ------
        BadInput
            ``NO_SOURCE``, ``BAD_SHARE``, ``NO_REASON``, ``BAD_TEXT``.
        """
        least, most = shows
        if not source.strip():
            raise BadInput(
                "NO_SOURCE", "No source is named.", "Name one: pathworth blind-spots stripe."
            )
        if not 0 <= least <= most <= 1:
            raise BadInput(
                "BAD_SHARE",
                f"From {least:g} to {most:g} is no range of shares.",
                "Say two shares between 0 and 1, the smaller first: 0.6 and 0.9.",
            )
        if not because.strip():
            raise BadInput(
                "NO_REASON",
                f"Nothing says why {source} does not show all that happens.",
                "Say it in a sentence.",
            )
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._database.session() as session:
            lock(session)
            row = session.get(BlindSpotRow, source)
            if row is None or by_hand or not row.by_hand:
                made = BlindSpotRow(
                    source=source,
                    least=least,
                    most=most,
                    because=because.strip(),
                    by_hand=by_hand,
                    said_by=said_by,
                    said_at=now,
                )
                row = session.merge(made)
            return _spot(row)

    def forget(self, source: str) -> None:
        """Forget what is said of a source, until the next import says it again.

        Raises
        ------
        UnknownName
            ``UNKNOWN_SOURCE``.
        """
        with self._database.session() as session:
            row = session.get(BlindSpotRow, source)
            if row is None:
                known = session.scalars(select(BlindSpotRow.source)).all()
                raise UnknownName.near("source", source, known)
            session.delete(row)


def _spot(row: BlindSpotRow) -> BlindSpot:
    return BlindSpot(
        row.source, row.least, row.most, row.because, row.by_hand, row.said_by, row.said_at
    )
