"""Migrations of the operational database, run by Alembic when a workspace is made or opened."""
