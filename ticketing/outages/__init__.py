"""The network as a tree, its planned and known outages, and the reports of customers."""
