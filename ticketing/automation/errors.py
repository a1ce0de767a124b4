"""The two kinds of failure of an outward step. Which one it is decides who acts: the clock or a person."""


class Business(Exception):
    """The outside system understood and refused: bad data, an unknown account. Another try is refused again, so a
    person gets it. The words name no customer."""


class Technical(Exception):
    """The outside system did not do its work this time: away, slow, broken. It is tried again, with growing pauses."""


class NotSetUp(Technical):
    """The setting that says where the system is, is empty. Tried again like everything that people mend."""
