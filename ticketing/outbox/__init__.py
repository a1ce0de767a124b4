"""What must follow a transaction: rows written inside it, sent afterwards by a drainer."""
