"""Talk tracks that have a shorter, slower form for whoever did not hear them, or said nothing."""

SHORT = frozenset(
    {
        "utter_ask_address",
        "utter_ask_address_hazard",
        "utter_ask_address_order",
        "utter_ask_address_to_look_up",
        "utter_ask_account_number",
        "utter_ask_account_or_address",
        "utter_ask_contact_phone",
        "utter_ask_contact_phone_caller",
        "utter_ask_event_time",
        "utter_ask_id_last4",
        "utter_ask_id_last4_for_bill",
        "utter_ask_outage_scope",
        "utter_ask_own_address",
        "utter_greet_call",
        "utter_hazard_safety",
        "utter_help",
        "utter_outage_known",
        "utter_outage_known_no_etr",
        "utter_outage_order",
        "utter_payment_methods",
        "utter_account_number_where",
    }
)
SUFFIX = "_short"


def shorter(talk_track: str) -> str:
    """The name of the short form, or the same name where the words are short already."""
    return talk_track + SUFFIX if talk_track in SHORT else talk_track
