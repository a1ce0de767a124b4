import pytest

from voice.endpoint import BargeIn, Endpointer, Patience, Verdict, patience
from voice.expects import Expects, Kind

STEP = 20
LISTENING, FINISHED, SILENT = Verdict.LISTENING, Verdict.FINISHED, Verdict.SILENT


def verdicts(rule: Patience, *stretches: tuple[str, int]) -> Verdict:
    """The verdict after stretches like ("speech", 400), ("silence", 600), heard in 20 ms steps."""
    endpoint, verdict = Endpointer(rule), LISTENING
    for what, ms in stretches:
        for _ in range(ms // STEP):
            verdict = endpoint.hear(STEP, is_speech=what == "speech")
            if verdict is not LISTENING:
                return verdict
    return verdict


RULE = Patience(end_ms=700, start_ms=7000, longest_ms=25_000, least_speech_ms=120)


@pytest.mark.parametrize(
    ("stretches", "verdict"),
    [
        ([("speech", 800)], LISTENING),
        ([("speech", 800), ("silence", 680)], LISTENING),
        ([("speech", 800), ("silence", 700)], FINISHED),
        ([("silence", 3000), ("speech", 400), ("silence", 700)], FINISHED),
        ([("speech", 800), ("silence", 600), ("speech", 200), ("silence", 600)], LISTENING),
        ([("silence", 6980)], LISTENING),
        ([("silence", 7000)], SILENT),
        ([("silence", 1000), ("speech", 60), ("silence", 2000)], LISTENING),  # a click
        ([("silence", 1000), ("speech", 60), ("silence", 6000)], SILENT),  # a click and nothing more
        ([("speech", 60), ("silence", 100), ("speech", 60), ("silence", 700)], FINISHED),  # 是的 in two pieces
        ([("speech", 24_980)], LISTENING),
        ([("speech", 25_000)], FINISHED),
    ],
)
def test_when_the_caller_has_finished(stretches: list[tuple[str, int]], verdict: Verdict) -> None:
    assert verdicts(RULE, *stretches) is verdict


def test_every_expectation_has_its_patience() -> None:
    assert {kind: patience(Expects(kind)).end_ms for kind in Kind}.keys() == set(Kind)


def test_digits_are_read_in_groups_and_yes_is_short() -> None:
    waits = {kind: patience(Expects(kind)).end_ms for kind in Kind}
    assert waits[Kind.YES_NO] < waits[Kind.ANYTHING] < waits[Kind.ADDRESS] < waits[Kind.DIGITS]
    assert patience(Expects(Kind.DIGITS)).start_ms > patience(Expects(Kind.ANYTHING)).start_ms


@pytest.mark.parametrize(
    ("stretches", "barged_in"),
    [
        ([("speech", 300)], False),
        ([("speech", 320)], True),
        ([("speech", 200), ("silence", 100), ("speech", 120)], True),
        ([("speech", 200), ("silence", 240), ("speech", 200)], False),  # two coughs
        ([("silence", 5000)], False),
    ],
)
def test_only_real_speech_cuts_the_bot_short(stretches: list[tuple[str, int]], barged_in: bool) -> None:
    barge_in, result = BargeIn(enough_ms=320, gap_ms=200), False
    for what, ms in stretches:
        for _ in range(ms // STEP):
            result = result or barge_in.hear(STEP, is_speech=what == "speech")
    assert result is barged_in
