"""The reference of the Python interface, made from docstrings (numpydoc) as Markdown: a page per room."""

import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import vunki_eval

ROOMS = {
    "stats": "Statistics",
    "stats.network": "Statistics of networks",
    "report.sections": "Sections of reports",
    "report.figures": "Figures",
    "report.tables": "Tables",
    "project.planning": "Planning a survey",
    "questionnaire": "Questionnaires",
    "project.tokens": "Codes of invitations",
}
HEADINGS = ("Parameters", "Returns", "Raises", "Attributes", "Notes", "References", "Examples", "Yields", "See Also")
LISTS = ("Parameters", "Returns", "Raises", "Attributes", "Yields")


def reference_pages() -> dict[str, str]:
    """Give a page's text by its name."""
    top = {n: getattr(vunki_eval, n) for n in vunki_eval.__all__ if not inspect.ismodule(getattr(vunki_eval, n))}
    pages = {"vunki_eval": page("vunki_eval", vunki_eval.__doc__ or "", top)}
    for room, title in ROOMS.items():
        module = importlib.import_module(f"vunki_eval.{room}")
        pages[room.replace(".", "-")] = page(f"{title}: vunki_eval.{room}", module.__doc__ or "", public(module))
    return pages


def public(module: Any) -> dict[str, Any]:
    """Give what a module offers: its ``__all__``, else what is defined in it and documented."""
    names = getattr(module, "__all__", None) or [
        n
        for n, v in vars(module).items()
        if not n.startswith("_") and getattr(v, "__module__", "") == module.__name__ and callable(v)
    ]
    return {n: getattr(module, n) for n in names if not inspect.ismodule(getattr(module, n))}


def page(title: str, about: str, members: dict[str, Any]) -> str:
    """Write a page: what the room is for, then everything in it."""
    lines = [f"# {title}", "", *body(inspect.cleandoc(about))]
    for name, member in members.items():
        if not (inspect.isclass(member) or inspect.isroutine(member)):
            continue
        lines += ["", f"## {name}", "", "```python", signature(name, member), "```", ""]
        lines += body(inspect.getdoc(member) or "")
    return "\n".join(lines) + "\n"


def signature(name: str, member: Any) -> str:
    """Write how it is called; a long one with a line per parameter."""
    try:
        found = inspect.signature(member)
    except (TypeError, ValueError):
        return name
    said = re.sub(r"<[^<>]*>", "...", str(found)).replace("vunki_eval.", "")
    if inspect.isclass(member):
        said = said.removesuffix(" -> None")
    if len(name + said) <= 100:
        return name + said
    parts = ",\n".join(f"    {p}" for p in map(str, found.parameters.values()))
    parts = re.sub(r"<[^<>]*>", "...", parts).replace("vunki_eval.", "")
    return f"{name}(\n{parts},\n)"


def body(text: str) -> Iterator[str]:
    """Turn a numpydoc text into Markdown lines."""
    lines, heading, code = text.splitlines(), "", False
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else ""
        if line in HEADINGS and re.fullmatch("-{3,}", after):
            heading = line
            yield from ("", f"**{line}**", "")
            continue
        if heading and re.fullmatch("-{3,}", line):
            continue
        example = line.lstrip().startswith((">>>", "...")) or (code and line.strip() != "")
        if example != code:
            yield from ("", "```pycon") if example else ("```", "")
            code = example
        yield line.strip() if code else prose(line, heading)
    if code:
        yield "```"


def prose(line: str, heading: str) -> str:
    """Write a line of prose: entries of lists as items, names in code, nothing taken for HTML."""
    said = re.sub(r"``([^`]+)``", r"`\1`", line)
    said = re.sub(r"(?<!`)<(?=[A-Za-z/])", "&lt;", said)
    if heading in LISTS and line and not line.startswith(" "):
        name, colon, kind = said.partition(" : ")
        return f"- `{name.strip('`')}`" + (f" ({kind}):" if colon else ":")
    if heading in LISTS and line:
        return f"    {said.strip()}"
    return re.sub(r"doi:(10\.\S+?)(?=[.,;)]?(\s|$))", r"[doi:\1](https://doi.org/\1)", said).strip()


if __name__ == "__main__":
    for text in reference_pages().values():
        print(text)
