"""Customers, their accounts and meters, and who has proven to be whom."""
