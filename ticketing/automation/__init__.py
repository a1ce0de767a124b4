"""Durable flows: an order goes its way from acceptance to archive, whatever is killed on the way."""
