"""After a restore: nothing goes out until the outside systems have said what they already have."""
