"""What an operator runs: set-up, the supervisor, health-gated start, secrets."""
