"""Inspectors look at conversations and score them; who was scored may contest it once."""
