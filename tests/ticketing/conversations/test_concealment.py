"""Personal slots in the record: provable with the salt, unreadable, and gone when the salt is."""

from ticketing.conversations.concealment import conceal, new_salt


def test_personal_slots_are_hashed_and_the_others_stay() -> None:
    kept = conceal({"order_number": "WO1", "address": "中山路"}, open_slots={"order_number"}, salt=b"s")
    assert kept["order_number"] == "WO1"
    assert len(kept["address"]["hash"]) == 64
    assert "中山路" not in str(kept)


def test_a_hash_proves_a_value_only_with_the_same_salt() -> None:
    def hashed(value: str, salt: bytes) -> object:
        return conceal({"a": value}, open_slots=frozenset(), salt=salt)

    salt = new_salt()
    assert hashed("中山路", salt) == hashed("中山路", salt)
    assert hashed("中山路", salt) != hashed("中山路", new_salt())
    assert hashed("中山路", salt) != hashed("中华路", salt)


def test_equal_values_of_different_slots_look_different_and_no_salt_leaves_nothing() -> None:
    kept = conceal({"a": "1", "b": "1"}, open_slots=frozenset(), salt=b"s")
    assert kept["a"] != kept["b"]
    assert conceal({"a": "1"}, open_slots=frozenset(), salt=None) == {"a": {"hash": None}}
