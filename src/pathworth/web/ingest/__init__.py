"""The addresses at which the libraries of other tools hand in events, answered as each of them expects."""

from pathworth.web.ingest.addresses import ADDRESSES, ASKS, CONFIGS, RULED
from pathworth.web.ingest.routes import ingest_routes

__all__ = ["ADDRESSES", "ASKS", "CONFIGS", "RULED", "ingest_routes"]
