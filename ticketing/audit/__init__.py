"""The audit trail: who did what to which thing, and when; rows are added and never changed."""
