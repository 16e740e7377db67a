"""Makes the tables of a new database by the statements that migrating the first one took: they are always the same."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, event, inspect

Statement = tuple[str, object]


class Remembered:
    """Migrates as the product does, and an empty database after the first of its kind without asking how."""

    def __init__(self, upgrade: Callable[[Engine], None]) -> None:
        self.upgrade = upgrade
        self.said: dict[str, list[Statement]] = {}

    def __call__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            empty = not inspect(connection).get_table_names()
        if not empty:
            self.upgrade(engine)
        elif engine.dialect.name in self.said:
            with engine.begin() as connection:
                for statement, values in self.said[engine.dialect.name]:
                    connection.exec_driver_sql(statement, values)
        else:
            self.said[engine.dialect.name] = self._listened(engine)

    def _listened(self, engine: Engine) -> list[Statement]:
        """Migrate, and return what was said meanwhile that changes something."""
        said: list[Statement] = []

        def hear(_connection, _cursor, statement, values, *_):
            if statement.split(None, 1)[0].upper() not in {"SELECT", "PRAGMA"}:
                said.append((statement, values))

        event.listen(engine, "before_cursor_execute", hear)
        try:
            self.upgrade(engine)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return said
