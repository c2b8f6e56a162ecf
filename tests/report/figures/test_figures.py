"""Every figure has large enough letters, the same bytes twice, its texts, and nothing about single people."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import pytest

from vunki_eval import figures
from vunki_eval.project.svg import svg_size
from vunki_eval.project.theme import THEME
from vunki_eval.report.figures.canvas import WIDTH, Drawing
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results

SVG = "{http://www.w3.org/2000/svg}"
LIKERT = {"name": "answers", "title": "A title"}
FIGURES: dict[str, tuple[str, Callable[[Results, str], Figure | None]]] = {
    "forest": ("2020-antsla", lambda r, x: figures.forest_figure(r, x)),
    "page-one": ("2020-antsla", lambda r, x: figures.page_one_chart(r, x)),
    "means": ("2020-antsla", lambda r, x: figures.dumbbells_figure(r, x)),
    "trust": ("2020-antsla", lambda r, x: figures.likert_figure(r, x, ("TS1", "TS2", "TS3"), **LIKERT)),
    "experience": ("2020-antsla", lambda r, x: figures.likert_figure(r, x, ("CX1", "CX7"), ("post",), **LIKERT)),
    "flow": ("2020-antsla", lambda r, x: figures.flow_figure(r, x)),
    "sensitivity": ("2020-antsla", lambda r, x: figures.sensitivity_figure(r, x)),
    "groups": ("2020-antsla", lambda r, x: figures.groups_figure(r, x)),
    "mixing": ("2020-antsla", lambda r, x: figures.mixing_figure(r, x)),
    "ratings": ("2020-antsla", lambda r, x: figures.ratings_figure(r, x)),
    "stages": ("project", lambda r, x: figures.stages_figure(r, x)),
    "bullets": ("project", lambda r, x: figures.bullets_figure(r, x)),
    "money": ("project", lambda r, x: figures.money_figure(r, x)),
}


def letters(svg: str) -> Iterator[tuple[str, float]]:
    """Give every text of a drawing with its size in points."""
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        size = re.search(r"([\d.]+)px", text.get("style", ""))
        assert size, "a text without a size"
        yield "".join(text.itertext()), float(size[1])


@pytest.fixture
def draw(synthetic_results: dict[str, Results]) -> Callable[[str, str], Figure]:
    def draw_figure(name: str, language: str = "et") -> Figure:
        state, make = FIGURES[name]
        figure = make(synthetic_results[state], language)
        assert figure is not None
        return figure

    return draw_figure


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("name", FIGURES)
class TestEveryFigure:
    def test_words_stand_beside_it(self, draw: Callable[[str, str], Figure], name: str, language: str) -> None:
        figure = draw(name, language)
        assert figure.title
        assert figure.alt.rstrip(".")
        assert len(figure.data) >= 2
        assert {len(row) for row in figure.data} == {len(figure.data[0])}

    def test_letters_are_text_of_nine_points_and_more(
        self, draw: Callable[[str, str], Figure], name: str, language: str
    ) -> None:
        texts = list(letters(draw(name, language).svg))
        assert texts
        assert min(size for _, size in texts) >= THEME.smallest
        if language == "et":
            assert not [t for t, _ in texts if re.search(r"\d\.\d", t)], "decimal comma"

    def test_it_fits_the_page_at_its_own_size(
        self, draw: Callable[[str, str], Figure], name: str, language: str
    ) -> None:
        width, height = svg_size(draw(name, language).svg)
        expected = THEME.chart_width if name == "page-one" else THEME.text_width
        assert width == pytest.approx(expected * 72, abs=0.01)
        assert height < 230 / 25.4 * 72

    def test_same_bytes_twice(self, draw: Callable[[str, str], Figure], name: str, language: str) -> None:
        first, second = draw(name, language), draw(name, language)
        assert first == second
        assert "<dc:date>" not in first.svg
        assert "matplotlib" not in first.svg.lower()

    def test_no_cloud_of_points(self, draw: Callable[[str, str], Figure], name: str, language: str) -> None:
        """Markers stand for estimates: at most one per number of the table beside the figure."""
        figure = draw(name, language)
        marks = len(re.findall(r"<use ", figure.svg))
        assert marks <= 3 * sum(len(row) for row in figure.data)


def test_drawings_show_themselves_without_pyplot(synthetic_results: dict[str, Results]) -> None:
    drawing = figures.forest(synthetic_results["2020-antsla"], "en")
    assert isinstance(drawing, Drawing)
    assert drawing._repr_svg_().startswith("<?xml")
    assert drawing.get_size_inches()[0] * 25.4 == pytest.approx(WIDTH)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_to_draw_is_no_figure(name: str) -> None:
    assert FIGURES[name][1](Results("nothing"), "en") is None


def test_forest_draws_only_outcomes_with_a_declared_unit(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    assert figures.forest_figure(results, "en", ("TN",)) is None
    figure = figures.forest_figure(results, "en", ("TS", "TN"))
    assert figure is not None
    assert {row[0] for row in figure.data[1:]} == {"Trust across sectors"}


def test_forest_alt_text_holds_every_interval(synthetic_results: dict[str, Results]) -> None:
    from vunki_eval.results.view import view_results

    view = view_results(synthetic_results["2020-antsla"], "et")
    alt = figures.page_one_chart(synthetic_results["2020-antsla"], "et").alt
    for key in view.primary:
        change = view.change(key)
        assert change is not None
        assert view.change_text(key, change) in alt


def test_kept_back_groups_are_named_but_not_drawn(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    frame = results.estimates.copy()
    hit = (frame["group"] == "PR1=community") & (frame["statistic"] == "change_pairs")
    frame.loc[hit, ["estimate", "low", "high", "n"]] = None
    frame.loc[hit, "status"] = "suppressed"
    figure = figures.groups_figure(results.with_tables(estimates=frame), "en")
    row = next(r for r in figure.data if r[0] == "community organisation")
    assert set(row[1:]) == {"•"}
    assert "community organisation" not in figure.alt


def test_unknown_figures_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no_such_figure"):
        figures.no_such_figure  # noqa: B018
    assert set(figures.__all__) == set(dir(figures))
    assert all(callable(getattr(figures, n)) for n in figures.__all__)
