"""Backup while the system runs, and restore while it stands still."""
