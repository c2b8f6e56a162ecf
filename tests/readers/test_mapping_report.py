from pathlib import Path

from vunki_eval.project.project import load_project
from vunki_eval.readers.mapping_report import propose_mapping, recognise_exports

EVENT = "2021-online"


def test_shipped_exports(shipped_project: Path) -> None:
    project = load_project(shipped_project)
    exports = recognise_exports(project, "2020-antsla")
    assert [(r.file, r.wave, r.reader, r.missing, r.unmatched, r.problems) for r in exports] == [
        (f"{wave}.csv", wave, "google_forms", (), (), ()) for wave in ("pre", "post", "followup")
    ]
    assert all(r.rows > 30 for r in exports)
    assert ("Vanuserühm", "PR4", "", "wording") in exports[0].matched
    assert propose_mapping(exports) == {}


def test_a_near_match_is_proposed_and_the_finished_file_is_taken(own_project: Path) -> None:
    path = own_project / "surveys" / EVENT / "pre.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace('"Vanuserühm ', '"Teie vanuserühm ').replace('"Seed"', '"Imelik"'), encoding="utf-8")
    project = load_project(own_project)
    pre = recognise_exports(project, EVENT)[0]
    assert (pre.reader, pre.missing, pre.unmatched) == ("limesurvey", ("PR4",), ("Imelik", "Teie vanuserühm"))
    assert [(p.header, p.item) for p in pre.proposals] == [("Teie vanuserühm", "PR4")]
    sheets = propose_mapping(recognise_exports(project, EVENT))
    assert sheets == {"pre.mapping.csv": "header,item,option\nImelik,,\nTeie vanuserühm,PR4,\n"}
    path.with_name("pre.mapping.csv").write_text(sheets["pre.mapping.csv"], encoding="utf-8")
    pre = recognise_exports(project, EVENT)[0]
    assert (pre.missing, pre.unmatched) == ((), ())
    assert ("Teie vanuserühm", "PR4", "", "mapping") in pre.matched


def test_faults_do_not_stop_the_look(own_project: Path) -> None:
    folder = own_project / "surveys" / EVENT
    (folder / "pre.csv").write_bytes(b"%PDF-1.7")
    exports = recognise_exports(load_project(own_project), EVENT)
    assert [p.code for p in exports[0].problems] == ["VE-313"]
    assert exports[1].rows > 30


def test_a_file_without_a_header_shows_nothing(own_project: Path) -> None:
    path = own_project / "surveys" / EVENT / "pre.csv"
    path.write_text("2021-03-12,Mari Maasikas,AB12\n2021-03-12,Jüri,CD34\n", encoding="utf-8")
    project = load_project(own_project)
    assert "Mari" not in repr(recognise_exports(project, EVENT))
    assert propose_mapping(recognise_exports(project, EVENT)) == {}
