from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.classifier import seen


def test_a_training_sentence_looks_like_a_read_one():
    assert seen(Message({"text": "我的户号是0601230045671234"})) == "我的户号是⟨account_number⟩"
    assert seen(Message({"text": "任何话", "delexicalised": "⟨customer_name⟩"})) == "⟨customer_name⟩"
