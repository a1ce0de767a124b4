"""The phone gateway: lines, recognisers, synthesisers, and one call from ring to hang-up."""
