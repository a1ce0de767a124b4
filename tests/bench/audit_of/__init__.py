"""The parts of `tests/bench/audit.py`."""
