from pathlib import Path

import pytest

from voice.words import KEYS_ONLY, UNAVAILABLE, WordsMissing, defaults, fixed_sentences

ROOT = Path(__file__).parents[2]


def test_the_repositorys_domain_has_what_the_gateway_says_itself() -> None:
    words = defaults(ROOT / "domain.yml")
    assert words[UNAVAILABLE] and words[KEYS_ONLY]


def test_a_domain_without_them_is_refused(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("responses:\n  utter_greet:\n  - text: 您好\n", encoding="utf-8")
    with pytest.raises(WordsMissing, match=UNAVAILABLE):
        defaults(tmp_path / "domain.yml")


def test_a_domain_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordsMissing, match="VOICE_DOMAIN"):
        defaults(tmp_path / "domain.yml")


def test_only_sentences_without_values_are_fixed(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        "responses:\n  utter_bill:\n  - text: 您好。电费{amount}元。再见。\n", encoding="utf-8"
    )
    assert fixed_sentences(tmp_path / "domain.yml", tmp_path / "none") == {"您好。", "再见。"}
