"""Templates: every value escaped, no line break of a template in a page, nothing missing unnoticed."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from vunki_eval.project.locate import HERE
from vunki_eval.report.render.html import pages

PAGES = ("publish/index.html", "publish/quality/page.html", "privacy/open_data/codebook.html",
         "report/render/html/report.html")  # fmt: skip


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch):
    def render(source: str, **values: object) -> str:
        monkeypatch.setattr(pages._TEMPLATES, "loader", DictLoader({"a": source}))
        monkeypatch.setattr(pages._TEMPLATES, "cache", {})
        return pages.template("a").render(values)

    return render


def test_every_value_is_escaped_and_markup_is_not(rendered) -> None:
    bad = "<b>\"'&\u202e\x07"
    assert rendered('<p title="{{ a }}">{{ a }}</p>', a=bad) == (
        '<p title="&lt;b&gt;&quot;&#x27;&amp;">&lt;b&gt;&quot;&#x27;&amp;</p>'
    )
    assert rendered("{{ a }}{{ b }}{{ c }}{{ d }}", a=Markup("<i>"), b=None, c=3, d="é".encode().decode()) == "<i>3é"
    assert rendered("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(a) }}", a="<") == "<i>&lt;</i>"


def test_lines_of_a_template_are_joined(rendered) -> None:
    source = "<ul>\n  {% for x in y %}\n  <li>{{ x }}</li>\n  {% endfor %}\n</ul>\n<p>two\n  words</p>\n"
    assert rendered(source, y=["a\nb", "c"]) == "<ul><li>a b</li><li>c</li></ul><p>two words</p>"


def test_a_missing_value_is_an_error(rendered) -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")


def test_all_pages_have_one_shell_and_nothing_is_marked_safe_in_a_template() -> None:
    templates = {p.relative_to(HERE).as_posix(): p.read_text("utf-8") for p in sorted(HERE.rglob("*.html"))}
    shell = templates["report/render/html/page.html"]
    assert {name for name, text in templates.items() if "<html" in text} == {"report/render/html/page.html"}
    assert {name for name, text in templates.items() if text.startswith("{% extends")} == set(PAGES)
    assert "default-src 'none'" in shell
    for name, text in templates.items():
        assert "|safe" not in text.replace(" ", ""), name
        assert "http" not in text.replace("http-equiv", ""), name
        assert pages.template(name), name


def test_a_page_is_whole(tmp_path: Path) -> None:
    page = pages.template("report/render/html/page.html").render(language="et", title="<T>", style=Markup("a>b{}"))
    assert page.startswith('<!doctype html><html lang="et"><head><meta charset="utf-8">')
    assert "<title>&lt;T&gt;</title><style>a>b{}</style></head><body></body></html>" in page
