"""The system of record: customers, bills, outages, work orders, conversations, talk tracks, audit."""
