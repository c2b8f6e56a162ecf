from vunki_eval.report.render.labels import LABELS, figure_foot, labels_with_defaults, with_label


def test_the_reports_word_comes_first_and_empty_ones_do_not_count():
    labels = labels_with_defaults({"figure": "Joonis", "table": ""})
    assert (labels["figure"], labels["table"]) == ("Joonis", "Table")
    assert set(labels) == set(LABELS)


def test_a_label_is_not_said_twice():
    assert with_label("Allikas", "küsitlus") == "Allikas: küsitlus"
    assert with_label("Allikas", "Allikas: küsitlus") == "Allikas: küsitlus"
    assert with_label("", "küsitlus") == "küsitlus"
    assert with_label("Allikas", "") == ""


def test_base_and_source_are_sentences():
    assert figure_foot("n = 61", "küsitlus", LABELS) == "n = 61. Source: küsitlus"
    assert figure_foot("87 inimest.", "küsitlus", {**LABELS, "base": "Base"}) == "Base: 87 inimest. Source: küsitlus"
    assert figure_foot("n = 61", "", LABELS) == "n = 61"
    assert figure_foot("", "", LABELS) == ""
