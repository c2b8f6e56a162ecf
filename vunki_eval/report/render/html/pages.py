"""HTML from templates: every value is escaped, and no page requests anything from any address.

A template stands beside the module that fills it and is named by its path in the package. Pages extend
``report/render/html/page.html``.
"""

import re
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from markupsafe import Markup

from vunki_eval.language.text import escaped, slug
from vunki_eval.project.locate import HERE

_BREAK = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])")


class JoinedLines(Extension):
    """Join the lines of templates, so that pages do not grow by their indentation.

    A line break beside a tag stands for nothing, any other for a space.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template on one line."""
        return re.sub(r"\s*\n\s*", " ", _BREAK.sub("", source))


def _shown(value: Any) -> Any:
    """Escape a text and take control characters out of it, and write nothing for None; markup passes as it is."""
    if value is None:
        return ""
    return Markup(escaped(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, finalize=_shown, undefined=StrictUndefined,
    extensions=[JoinedLines], auto_reload=False,
)  # fmt: skip
_TEMPLATES.filters["slug"] = slug


def template(name: str) -> Template:
    """Load a template; it is compiled once in a process."""
    return _TEMPLATES.get_template(name)


def style_sheet(name: str, **values: Any) -> Markup:
    """Fill a style sheet of the package."""
    return Markup(template(name).render(values))
