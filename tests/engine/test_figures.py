import json

from bot.engine.figures import Row, Understood, labelled, read_rows, summary

HEADER = "text\tintent\tentities\tnote\n"


def test_a_file_is_read_whatever_form_its_entities_have(tmp_path):
    file = tmp_path / "f.tsv"
    listed = json.dumps([{"entity": "bill_month", "value": "2026-10"}])
    file.write_text(
        HEADER + f'查电费\task_bill\t{listed}\tx\n停电\treport_outage\t{{"address": ["A", "B"]}}\t\n你好\tgreet\t\t\n'
    )
    assert read_rows(file) == [
        Row("查电费", "ask_bill", (("bill_month", "2026-10"),)),
        Row("停电", "report_outage", (("address", "A"), ("address", "B"))),
        Row("你好", "greet", ()),
    ]
    assert labelled('"[{""entity"": ""amount"", ""value"": 5}]"') == (("amount", "5"),)


def test_a_clarification_is_wrong_but_kept_and_a_service_for_a_foreign_sentence_is_counted():
    rows = [
        Row("a", "ask_bill", (("bill_month", "2026-10"),)),
        Row("b", "ask_bill", ()),
        Row("c", "ask_bill", ()),
        Row("d", "out_of_scope", ()),
        Row("e", "out_of_scope", ()),
        Row("f", "out_of_scope", ()),
    ]
    answers = [
        Understood("ask_bill", "accept", (("bill_month", "2026-09"),), 1.0),
        Understood("nlu_fallback", "clarify", (), 2.0),
        Understood("out_of_scope", "refuse", (), 3.0),
        Understood("ask_bill", "accept", (), 4.0),
        Understood("out_of_scope", "refuse", (), 5.0),
        Understood("nlu_fallback", "clarify", (), 6.0),
    ]
    figures = summary(rows, answers)
    assert figures["n"] == 6
    assert figures["accuracy"] == round(2 / 6, 4)
    assert figures["in_domain_kept"] == round(2 / 3, 4)
    assert figures["asked_in_domain"] == round(1 / 3, 4)
    assert figures["oos_false_acceptance"] == round(1 / 3, 4)
    assert figures["asked_oos"] == round(1 / 3, 4)
    assert figures["recall"] == {"ask_bill": round(1 / 3, 4), "out_of_scope": round(1 / 3, 4)}
    assert figures["macro_f1"] == round((2 / 5 + 2 / 5) / 2, 4)
    assert figures["entity_f1"] == 0.0
    assert figures["ms_p50"] == 4.0
