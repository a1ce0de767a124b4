from datetime import date

import numpy as np
import pytest

from bot.engine.nlu.entities import extract
from bot.engine.nlu.features import Sentence
from bot.engine.nlu.scoring import fit, lessons, split

TODAY = date(2026, 11, 23)
OURS = ["查电费", "查上个月电费", "电费多少", "这个月电费多少钱", "看看电费"]
DARK = ["我家停电了", "停电了", "没电了家里", "整栋楼停电", "家里停电了怎么办"]
FOREIGN = ["订外卖", "帮我点个外卖", "今天天气怎么样", "讲个笑话", "放首歌听听"]
TEXTS, LABELS = OURS + DARK + FOREIGN, ["ask_bill"] * 5 + ["report_outage"] * 5 + ["out_of_scope"] * 5


def sentence(said):
    return Sentence.of(extract(said, today=TODAY))


@pytest.fixture(scope="module")
def model():
    return fit(TEXTS, LABELS, today=TODAY)


def test_the_model_tells_its_own_business_from_other_peoples(model):
    assert model.read(sentence("查这个月电费")).ranking[0][0] == "ask_bill"
    assert model.read(sentence("停店了")).ranking[0][0] == "report_outage"  # misheard: it sounds the same
    assert model.read(sentence("查电费")).ours > model.read(sentence("给我讲个故事")).ours


def test_probabilities_add_up_and_come_best_first(model):
    shares = [share for _, share in model.read(sentence("停电了")).ranking]
    assert sum(shares) == pytest.approx(1.0) and shares == sorted(shares, reverse=True)


def test_a_sentence_read_alone_scores_as_in_a_batch(model):
    said = sentence("我家停电了")
    from bot.engine.nlu.meaning import meanings

    batch = model.margins(model.features.transform([said], meanings([said.said])))
    np.testing.assert_allclose(model._margins_of(model.features.read(said)), batch, atol=1e-4)


def test_every_sentence_is_learned_as_written_and_misheard():
    taught = lessons(TEXTS, LABELS, today=TODAY)
    sentences, meant, labels = taught.all
    assert len(sentences) == len(meant) == len(labels) == 2 * len(TEXTS)
    assert [s.said for s in taught.written] != [s.said for s in taught.heard]


def test_the_gate_learns_on_sentences_kept_from_the_model_behind_it():
    labels = np.array(LABELS)
    known, unseen = split(labels)
    assert not set(known) & set(unseen) and set(labels[known]) == set(labels[unseen]) == set(LABELS)
