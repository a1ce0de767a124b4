"""The kinds of work orders (names of the catalogue), how urgent each is and who can do it."""

from enum import StrEnum


class Skill(StrEnum):
    REPAIR = "repair"
    METERING = "metering"
    BILLING = "billing"
    SERVICE = "service"
    INSPECTION = "inspection"
    BUSINESS = "business"


class Kind(StrEnum):
    OUTAGE = "outage"
    HAZARD = "hazard"
    METER = "meter"
    VOLTAGE = "voltage"
    BILLING_DISPUTE = "billing_dispute"
    PAYMENT = "payment"
    RECONNECTION = "reconnection"
    COMPLAINT = "complaint"
    DAMAGE = "damage"
    VIOLATION = "violation"
    FEEDBACK = "feedback"
    APPLICATION = "application"
    CALLBACK = "callback"

    @property
    def priority(self) -> int:
        """1 (danger to life) to 5 (may wait)."""
        return PRIORITIES[self]

    @property
    def skill(self) -> Skill:
        return SKILLS[self]

    @property
    def needs_visit(self) -> bool:
        """Somebody must go there before it can be called done."""
        return self in VISITED

    @property
    def is_confidential(self) -> bool:
        """Who reported stays hidden: 举报."""
        return self is Kind.VIOLATION


PRIORITIES = {
    Kind.HAZARD: 1,
    Kind.OUTAGE: 2,
    Kind.RECONNECTION: 2,
    Kind.VOLTAGE: 3,
    Kind.METER: 3,
    Kind.COMPLAINT: 3,
    Kind.DAMAGE: 3,
    Kind.CALLBACK: 3,
    Kind.PAYMENT: 4,
    Kind.BILLING_DISPUTE: 4,
    Kind.VIOLATION: 4,
    Kind.APPLICATION: 5,
    Kind.FEEDBACK: 5,
}
SKILLS = {
    Kind.HAZARD: Skill.REPAIR,
    Kind.OUTAGE: Skill.REPAIR,
    Kind.VOLTAGE: Skill.REPAIR,
    Kind.METER: Skill.METERING,
    Kind.RECONNECTION: Skill.METERING,
    Kind.PAYMENT: Skill.BILLING,
    Kind.BILLING_DISPUTE: Skill.BILLING,
    Kind.COMPLAINT: Skill.SERVICE,
    Kind.DAMAGE: Skill.SERVICE,
    Kind.FEEDBACK: Skill.SERVICE,
    Kind.CALLBACK: Skill.SERVICE,
    Kind.VIOLATION: Skill.INSPECTION,
    Kind.APPLICATION: Skill.BUSINESS,
}
VISITED = frozenset({Kind.HAZARD, Kind.OUTAGE, Kind.VOLTAGE, Kind.METER, Kind.DAMAGE})
