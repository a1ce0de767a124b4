import numpy as np
import pytest

from bot.engine.nlu.features import Sentence, SentenceFeatures, character_grams, sound_grams
from bot.engine.nlu.meaning import DIMENSIONS, meanings

SAID = ["我家停电了", "查一下上个月电费", "手机没电了", "电线掉地上了", "停电了停电了", "我家停电了怎么办"]


def sentences(said):
    return [Sentence(text, text) for text in said]


@pytest.fixture(scope="module")
def fitted():
    features, meant = SentenceFeatures(), meanings(SAID)
    return features, features.fit_transform(sentences(SAID), meant)


def test_a_sentence_read_alone_has_the_features_it_was_taught_with(fitted):
    features, matrix = fitted
    for number, sentence in enumerate(sentences(SAID)):
        row = features.read(sentence)
        alone = np.zeros(matrix.shape[1], dtype=np.float32)
        alone[row.columns] = row.values
        alone[matrix.shape[1] - len(row.meaning) :] = row.meaning
        np.testing.assert_allclose(alone, matrix[number].toarray().ravel(), atol=1e-5)


def test_nothing_known_in_a_sentence_is_no_error(fitted):
    features, _ = fitted
    row = features.read(Sentence("zzz", "zzz"))
    assert np.isfinite(row.values).all() and np.isfinite(row.meaning).all()


def test_an_entity_counts_as_one_character():
    assert "⟨address⟩停" in character_grams("⟨address⟩停电")


def test_homophones_share_their_sound_grams():
    assert sound_grams("停店了") == sound_grams("停电了")


def test_meanings_lie_near_for_like_wishes():
    lost, dark, bill = meanings(["我家停电了", "家里突然没有电了", "帮我查一下上个月的账单"])
    assert lost @ dark > lost @ bill
    assert meanings([]).shape == (0, DIMENSIONS)
    assert np.isfinite(meanings(["", "电" * 5000])).all()
