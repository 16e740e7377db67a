"""What is particular to SQLite, the database that lies in the workspace itself."""
