"""Conversations: every sentence in its order, and who has control."""
