"""The research package as a user gets it: valid, labelled, anonymous, the same in all its forms."""

import csv
import io
import json
from pathlib import Path

import frictionless
import pandas as pd
import pyreadstat
import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from tests.marks import links
from vunki_eval.cli.app import app
from vunki_eval.privacy.open_data.descriptor import codebook_page
from vunki_eval.privacy.open_data.variables import Variable
from vunki_eval.project.project import load_project
from vunki_eval.survey.study import load_study

pytestmark = pytest.mark.slow

FILES = {"data.csv", "data_labels.csv", "data.sav", "codebook.csv", "codebook.html", "LICENSE.txt", "README.md",
         "CITATION.cff", "datapackage.json"}  # fmt: skip
QUASI = ["event", "PR1", "PR3", "PR4", "PR6"]


def vunki(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module", params=["et", "en"])
def package(request: pytest.FixtureRequest, shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / request.param
    done = vunki("export", str(folder), "-l", request.param, "--seed", "7", "--project", str(shipped_project))
    assert done.exit_code == 0, done.output
    assert "k = 5: " in done.output
    dropped, kept, unlicensed = {
        "en": ("dropped: ", "information kept about these: ", "no licence is chosen"),
        "et": ("välja jäetud: ", "nende kohta säilinud teave: ", "litsentsi ei ole valitud"),
    }[request.param]
    assert dropped in done.output
    assert kept in done.output
    assert unlicensed not in done.output
    assert "2020-antsla TS: " in done.output
    return folder


def test_every_file_and_nothing_else(package: Path) -> None:
    assert {p.name for p in package.iterdir()} == FILES
    assert [p for p in package.parent.iterdir() if p.name.startswith(".")] == []


def test_rows_are_k_anonymous(package: Path) -> None:
    data = table(package / "data.csv")
    assert data.groupby(QUASI).size().min() >= 5
    assert data["person"].is_unique
    assert (data[QUASI] != "_all").sum().sum() > 2 * len(data), "more than event and sector is told"
    assert len(data) > 100


def test_it_is_a_valid_data_package(package: Path) -> None:
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    assert descriptor["$schema"].endswith("/2.0/datapackage.json")
    assert descriptor["licenses"][0]["name"] == "CC-BY-4.0"
    fields = {f["name"]: f for f in descriptor["resources"][0]["schema"]["fields"]}
    assert fields["TS1_pre"]["categories"][0]["value"] == 0
    assert fields["TS1_pre"]["categoriesOrdered"] is True
    assert "synthetic" in descriptor["keywords"]


def test_spss_file_says_the_same_with_labels(package: Path) -> None:
    data = table(package / "data.csv")
    frame, meta = pyreadstat.read_sav(package / "data.sav")
    assert list(frame.columns) == list(data.columns)
    numbers = pd.to_numeric(data["TS2_post"].replace("", None))
    assert frame["TS2_post"].tolist() == pytest.approx(numbers.tolist(), nan_ok=True)
    labels = table(package / "data_labels.csv")
    assert frame["PR1"].map(meta.variable_value_labels["PR1"]).fillna("").tolist() == labels["PR1"].tolist()
    language = package.name
    assert meta.column_names_to_labels["PR1"] == {"et": "Sektor", "en": "Sector"}[language]
    assert meta.variable_value_labels["CE1_pre"][5.0] == {"et": "nõustun täielikult", "en": "fully agree"}[language]


def test_codebook_names_every_variable(package: Path) -> None:
    data = table(package / "data.csv")
    book = table(package / "codebook.csv")
    assert book["variable"].tolist() == list(data.columns)
    assert (book["label"] != "").all()
    page = (package / "codebook.html").read_text("utf-8")
    assert all(f"<code>{name}</code>" in page for name in data.columns)
    assert f'<html lang="{package.name}"' in page
    assert "http:" not in page


def test_citation_and_readme(package: Path) -> None:
    cited = yaml.safe_load((package / "CITATION.cff").read_text("utf-8"))
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "dataset")
    assert cited["authors"] == [{"name": "SA Võrumaa Arenduskeskus"}]
    banner = {"et": "SÜNTEETILISED ANDMED", "en": "SYNTHETIC DATA"}[package.name]
    assert banner in (package / "README.md").read_text("utf-8")
    assert "European Social Survey" in (package / "LICENSE.txt").read_text("utf-8")


def test_no_text_code_team_or_time_leaves(package: Path, shipped_project: Path) -> None:
    whole = (package / "data.csv").read_text("utf-8") + (package / "data_labels.csv").read_text("utf-8")
    project = load_project(shipped_project)
    items = project.instrument.items
    heads = {c.rpartition("_")[0] or c for c in table(package / "data.csv").columns}
    assert not heads & {i.code for i in items if i.role in ("text", "link", "meta", "consent") or i.kind == "text"}
    for event in project.events:
        responses = load_study(project, event.id).responses
        texts = {str(t) for i in items if i.kind == "text" and i.code in responses for t in responses[i.code].dropna()}
        assert not [t for t in texts if len(t) > 12 and t in whole]
        assert not [t for t in responses["submitted"].dropna().astype(str) if t[:10] in whole]


def test_extremes_of_counts_are_shared_by_ten(package: Path) -> None:
    data = table(package / "data.csv")
    for name in ("NW1_pre", "NW1_post", "NW4_post", "VH1_pre"):
        counts = pd.to_numeric(data[name].replace("", None)).dropna()
        assert (counts == counts.min()).sum() >= 10
        assert (counts == counts.max()).sum() >= 10


def test_every_package_has_ids_and_an_order_of_its_own(shipped_project: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        done = vunki("export", str(tmp_path / name), "-e", "2020-antsla", "--project", str(shipped_project))
        assert done.exit_code == 0
        made.append(table(tmp_path / name / "data.csv"))
    assert (
        not set(made[0]["person"]) & set(made[1]["person"]) or made[0]["person"].tolist() != made[1]["person"].tolist()
    )
    answers = [c for c in made[0] if c.startswith("TS")]
    assert made[0][answers].values.tolist() != made[1][answers].values.tolist()
    assert sorted(made[0][answers].values.tolist()) == sorted(made[1][answers].values.tolist())


def test_a_seed_repeats_it(shipped_project: Path, tmp_path: Path, package: Path) -> None:
    again = tmp_path / "again"
    vunki("export", str(again), "-l", package.name, "--seed", "7", "--project", str(shipped_project))
    for name in FILES - {"data.sav"}:
        assert (again / name).read_bytes() == (package / name).read_bytes(), name


def test_a_folder_that_holds_something_is_refused(shipped_project: Path, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("mine")
    done = vunki("export", str(tmp_path), "--project", str(shipped_project))
    assert (done.exit_code, "VE-104" in done.output) == (2, True)
    assert {p.name for p in tmp_path.iterdir()} == {"own.txt"}
    assert vunki("export", str(tmp_path / "new"), "-l", "fi", "--project", str(shipped_project)).exit_code == 2


@links
def test_a_folder_that_is_a_link_is_refused(shipped_project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert vunki("export", str(tmp_path / "link"), "--project", str(shipped_project)).exit_code == 2


def shortened(root: Path, people: int) -> None:
    """Leave an event of few people."""
    config = root / "surveys" / "project.toml"
    text = config.read_text("utf-8").replace(
        'pre = "pre.csv", post = "post.csv", followup = "followup.csv"', 'pre = "pre.csv"'
    )
    config.write_text(text, "utf-8")
    path = root / "surveys" / "2020-antsla" / "pre.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows[: people + 1])
    path.write_text(out.getvalue(), "utf-8")
    (root / "surveys" / "2020-antsla" / "decisions.csv").unlink()


def test_twelve_people_are_one_class_and_fewer_than_ten_none(own_project: Path, tmp_path: Path) -> None:
    shortened(own_project, 12)
    words = ("-e", "2020-antsla", "--project", str(own_project))
    done = vunki("export", str(tmp_path / "twelve"), *words)
    assert done.exit_code in (0, 1), done.output
    data = table(tmp_path / "twelve" / "data.csv")
    assert data.groupby(QUASI).size().min() >= 5
    assert data["PR3"].nunique() == 1
    shortened_again = own_project / "surveys" / "2020-antsla" / "pre.csv"
    text = shortened_again.read_text("utf-8").splitlines(keepends=True)
    shortened_again.write_text("".join(text[:9]), "utf-8")
    done = vunki("export", str(tmp_path / "eight"), *words)
    assert done.exit_code == 3, done.output
    assert "VE-731" in done.output
    assert not (tmp_path / "eight").exists()


def test_fewer_people_than_a_class_must_hold_get_no_package(own_project: Path, tmp_path: Path) -> None:
    shortened(own_project, 12)
    config = own_project / "surveys" / "project.toml"
    config.write_text(config.read_text("utf-8").replace("\nk = 5\n", "\nk = 40\n", 1), "utf-8")
    done = vunki("export", str(tmp_path / "p"), "-e", "2020-antsla", "--project", str(own_project))
    assert done.exit_code == 3, done.output
    assert "Fewer than 40 people answered" in done.output
    assert not (tmp_path / "p").exists()


def test_without_declared_items_all_of_the_profile_count(own_project: Path, tmp_path: Path) -> None:
    config = own_project / "surveys" / "project.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace('quasi_identifiers = ["PR1", "PR3", "PR4", "PR6"]\n', ""), "utf-8")
    assert vunki("export", str(tmp_path / "p"), "--project", str(own_project)).exit_code == 0
    config.write_text(config.read_text("utf-8").replace('licence = "CC-BY-4.0"\n', "", 1), "utf-8")
    done = vunki("export", str(tmp_path / "unlicensed"), "-e", "2020-antsla", "--project", str(own_project))
    assert "warning: no licence is chosen" in done.output
    assert "Litsents on valimata" in (tmp_path / "unlicensed" / "LICENSE.txt").read_text("utf-8")
    assert "licen" not in (tmp_path / "unlicensed" / "CITATION.cff").read_text("utf-8")
    assert "licenses" not in json.loads((tmp_path / "unlicensed" / "datapackage.json").read_text("utf-8"))
    data = table(tmp_path / "p" / "data.csv")
    profile = ["event", "PR1", "PR2", "PR3", "PR3B", "PR4", "PR5", "PR6"]
    assert data.groupby(profile).size().min() >= 5
    config.write_text(text.replace('"PR6"]', '"PR66"]'), "utf-8")
    done = vunki("export", str(tmp_path / "q"), "--project", str(own_project))
    assert (done.exit_code, "PR66" in done.output) == (2, True)


def test_formulas_are_defused_in_texts_only(own_project: Path, tmp_path: Path) -> None:
    instrument = own_project / "surveys" / "instrument.toml"
    text = instrument.read_text("utf-8").replace('et = "vabaühendus või kogukond", en', 'et = "=1+1", en')
    instrument.write_text(text.replace('"community organisation or group"', '"=1+1"'), "utf-8")
    for path in (own_project / "surveys").rglob("*.csv"):
        path.write_text(path.read_text("utf-8").replace("vabaühendus või kogukond", "=1+1"), "utf-8")
    done = vunki("export", str(tmp_path / "p"), "-l", "et", "-e", "2020-antsla", "--project", str(own_project))
    assert done.exit_code in (0, 1), done.output
    labels = set(table(tmp_path / "p" / "data_labels.csv")["PR1"])
    assert "'=1+1" in labels
    assert "=1+1" not in labels


def test_a_value_is_named_with_its_label() -> None:
    """A number is not written twice; a word stays beside the words that it begins."""
    labels = {"0": "0 – nobody", "1": "1", "10": "10 or more", "2": "20 or more", "own": "own <organisation>"}
    page = codebook_page([Variable("a", "Question", "integer", labels)], "en", title="Title", notes=["A <note>"])
    for shown in (
        "<code>0</code> – nobody", "<code>1</code>", "<code>10</code> or more", "<code>2</code> 20 or more",
        "<code>own</code> own &lt;organisation&gt;",
    ):  # fmt: skip
        assert f"<li>{shown}</li>" in page
    assert "<p>A &lt;note&gt;</p>" in page
