"""Accounts of the people at the desk: who they are, what each role may do, how they log in, how long that lasts."""
