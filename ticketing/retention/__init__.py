"""What is kept how long, who may be forgotten, and what may not be touched because of a dispute."""
