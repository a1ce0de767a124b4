from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.classifier import seen
from bot.engine.nlu.extractor import SENTENCE
from bot.engine.nlu.features import Sentence


def test_a_training_sentence_looks_like_a_read_one():
    assert seen(Message({"text": "我的户号是0601230045671234"})).shape == "我的户号是⟨account_number⟩"
    left = Sentence("任何话", "⟨customer_name⟩")
    assert seen(Message({"text": "任何话", SENTENCE: left})) is left
