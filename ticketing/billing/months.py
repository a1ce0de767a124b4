"""Months as `YYYY-MM`, counted. Pure."""


def shift(month: str, by: int) -> str:
    """`2026-01` shifted by -1 is `2025-12`."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"
