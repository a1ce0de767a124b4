"""What changed, sign by sign: nothing is lost on either side."""

from hypothesis import given
from hypothesis import strategies as st

from ticketing.talk_tracks.diff import compare, pieces
from ticketing.talk_tracks.words import Words

SOME = st.text(alphabet="请您你稍等，。{etr}", max_size=30)


@given(SOME, SOME)
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    cut = pieces(before, after)
    assert "".join(each.before for each in cut) == before
    assert "".join(each.after for each in cut) == after
    assert all((each.before == each.after) == (each.op == "equal") for each in cut)


def test_only_the_parts_that_differ_are_told() -> None:
    before = Words("utter_a", "一", phone="壹", buttons=(("是", "是的"),), personal=("a", "b"))
    after = Words("utter_a", "一", phone=None, buttons=(("是", "好的"),), personal=("b", "a"))
    assert [(each.part, each.marked) for each in compare(before, after)] == [
        ("phone", "[-壹-]"),
        ("buttons", "是 → [-是-]{+好+}的"),
    ]
    assert compare(before, before) == ()
