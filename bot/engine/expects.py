"""What kind of answer the assistant waits for: the phone's grammar, endpointing and keys follow from it."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

# slot → (kind, number of digits when it is fixed)
KINDS: Dict[str, Tuple[str, Optional[int]]] = {
    "account_number": ("digits", 16),
    "phone_number": ("digits", 11),
    "contact_phone": ("digits", 11),
    "id_last4": ("digits", 4),
    "code": ("digits", 6),
    "identity_code": ("digits", 6),
    "verification_code": ("digits", 6),
    "meter_number": ("digits", None),
    "work_order_number": ("digits", 4),
    "rating": ("digits", 1),
    "bill_month": ("month", None),
    "address": ("address", None),
    "customer_name": ("name", None),
    "event_time": ("time", None),
    "outage_scope": ("choice", None),
}


def expected(requested_slot: Optional[str], *, slot_type: Optional[str], has_buttons: bool) -> Dict[str, Any]:
    """The wire's `expects`. A yes-or-no slot is known by its type, a question without a slot by its buttons."""
    if requested_slot in KINDS:
        kind, length = KINDS[requested_slot]
    elif slot_type == "bool":
        kind, length = "yes_no", None
    else:
        kind, length = ("choice" if has_buttons else "anything"), None
    return {"kind": kind, "length": length, "slot": requested_slot}
