"""A conversation as it was: heard, understood, decided, said, and what became of it."""
