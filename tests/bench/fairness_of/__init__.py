"""The parts of the counterfactual check `tests/bench/fairness.py`."""
