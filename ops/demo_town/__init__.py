"""A demo: the outside world of a small utility, played on loopback, so that an order in `make run` really moves.

An SMS gateway, the crews and their app, the marketing system, and a duty register that has nothing but web pages. None
of it belongs to Lamplighter, so it imports nothing of it. It is strict: it refuses what the real ones refuse, and
counts each effect by its key, which is what tests and the kill storm hold Lamplighter to.
"""
