"""Backups: a workspace as it stood at one event, in one file that can be checked and put back."""
