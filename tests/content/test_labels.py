from vunki_eval.content.labels import LABELS, labels_with_defaults, with_label


def test_the_reports_word_comes_first_and_empty_ones_do_not_count():
    found = labels_with_defaults({"figure": "Joonis", "table": ""})
    assert (found["figure"], found["table"]) == ("Joonis", "Table")
    assert set(found) == set(LABELS)


def test_a_label_is_not_said_twice():
    assert with_label("Allikas", "küsitlus") == "Allikas: küsitlus"
    assert with_label("Allikas", "Allikas: küsitlus") == "Allikas: küsitlus"
    assert with_label("", "küsitlus") == "küsitlus"
    assert with_label("Allikas", "") == ""
