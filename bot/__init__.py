"""The front door: every message of a customer comes in and goes out here."""
