"""Promises and tariffs as data with source, dates and confidence; no such number is in code."""
