"""Runs the command line as ``python -m pathworth.cli``."""

from pathworth.cli import main

main()
