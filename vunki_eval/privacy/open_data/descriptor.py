"""Describe the data: codebook, descriptor of Frictionless Data Package 2.0, licence and citation.

The codebook gives every variable with its question, values, scale and source, as CSV and as a page.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from vunki_eval.language import Localizer, localizer
from vunki_eval.privacy.open_data.variables import PERSON, Variable
from vunki_eval.project.project import Project
from vunki_eval.report.render.html.pages import style_sheet, template

COLUMNS = ("variable", "label", "type", "wave", "role", "scale", "reverse", "values", "source")
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE = "https://datapackage.org/profiles/2.0/tableschema.json"
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 International", "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-BY-1.0": ("Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
}  # fmt: skip


def descriptor(
    project: Project, tables: Mapping[str, Sequence[Variable]], files: Mapping[str, bytes], language: str, text: str
) -> str:
    """Write ``datapackage.json``.

    Parameters
    ----------
    project : Project
    tables : mapping
        Variables of each CSV file, by the name of the file.
    files : mapping
        Contents of all files of the package, by name.
    language : str
    text : str
        What the package is, in a sentence or two.
    """
    say, about = localizer(language), project.about
    data: dict[str, Any] = {
        "$schema": PROFILE,
        "name": f"{about.id}-research-package",
        "title": say.pick(about.title),
        "description": text,
        "version": "1.0.0",
        "keywords": ["co-creation", "evaluation", "survey", *(["synthetic"] if project.synthetic() else [])],
        "contributors": [{"title": name, "roles": ["creator"]} for name in authors(project)],
        **({"licenses": [_licence(project)]} if project.config.export.licence else {}),
        "resources": [_resource(name, columns, files[name], tables) for name, columns in tables.items()],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _licence(project: Project) -> dict[str, str]:
    name = project.config.export.licence
    if name in LICENCES:
        return {"name": name, "title": LICENCES[name][0], "path": LICENCES[name][1]}
    return {"name": name}


def _resource(
    name: str, columns: Sequence[Variable], content: bytes, tables: Mapping[str, Sequence[Variable]]
) -> dict[str, Any]:
    key = [PERSON] if any(v.name == PERSON for v in columns) else None
    schema: dict[str, Any] = {"$schema": TABLE, "fields": [_field(v) for v in columns], "missingValues": [""]}
    return {
        "name": name.removesuffix(".csv").replace("_", "-"),
        "type": "table",
        "path": name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema | ({"primaryKey": key} if key else {}),
    }


def _field(variable: Variable) -> dict[str, Any]:
    field: dict[str, Any] = {"name": variable.name, "title": variable.label, "type": variable.kind}
    if variable.source:
        field["description"] = variable.source
    limits: dict[str, Any] = {}
    if variable.name == PERSON:
        limits = {"required": True, "unique": True}
    elif variable.values:
        whole = variable.kind == "integer"
        limits = {"enum": [int(v) if whole else v for v in variable.values]}
        field["categories"] = [
            {"value": int(v) if whole else v, "label": label} for v, label in variable.values.items()
        ]
        field["categoriesOrdered"] = variable.ordered
    return field | ({"constraints": limits} if limits else {})


def authors(project: Project) -> tuple[str, ...]:
    """Name who is cited: the authors in the configuration, else the applicant."""
    return project.config.export.authors or (project.about.applicant.name,)


def citation(project: Project, language: str, text: str) -> str:
    """Write ``CITATION.cff``."""
    say = localizer(language)
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {_quoted(say._('If you use these data, please cite them as below.'))}",
        f"title: {_quoted(say.pick(project.about.title))}",
        f"abstract: {_quoted(text)}",
        "version: 1.0.0",
        "authors:",
        *(f"  - name: {_quoted(name)}" for name in authors(project)),
    ]
    if project.config.export.licence in LICENCES:
        lines.append(f"license: {project.config.export.licence}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Quote for YAML; a JSON string is also a YAML string."""
    return json.dumps(text, ensure_ascii=False)


def licence_text(project: Project, language: str) -> str:
    """Write ``LICENSE.txt``: the licence of the data, and whose the questions are."""
    say = localizer(language)
    name = project.config.export.licence
    title, address = LICENCES.get(name, (name, ""))
    sources = sorted({i.source for i in project.instrument.items if i.source and not i.source.startswith("own")})
    if name:
        lines = [say._("The data are licensed under {licence}.", licence=title), address, ""]
    else:
        no_licence = say._(
            "No licence has been chosen yet: use and publication need the permission of {authors}.",
            authors=", ".join(authors(project)),
        )
        lines = [no_licence, ""]
    if sources:
        lines += [say._("Questions that others have written, with their terms:"), *(f"- {s}" for s in sources)]
    return "\n".join(lines).strip() + "\n"


def codebook_rows(variables: Sequence[Variable]) -> list[list[str]]:
    """Return the codebook as rows, the header first."""
    rows = [list(COLUMNS)]
    for variable in variables:
        labels = "; ".join(f"{value} = {label}" for value, label in variable.values.items())
        reverse = "yes" if variable.reverse else ""
        rows.append(
            [variable.name, variable.label, variable.kind, variable.wave, variable.role, variable.scale, reverse,
             labels, variable.source]
        )  # fmt: skip
    return rows


def codebook_page(variables: Sequence[Variable], language: str, *, title: str, notes: Sequence[str]) -> str:
    """Return the codebook as an HTML page that loads nothing else; ``notes`` are sentences above the table."""
    say = localizer(language)
    return template("privacy/open_data/codebook.html").render(
        language=language, title=f"{say._('Codebook')}: {title}", style=style_sheet("privacy/open_data/codebook.css"),
        headers=(say._("Variable"), say._("Question or label"), say._("Values"), say._("Scale"), say._("Source")),
        notes=notes, rows=[_row(v, say) for v in variables],
    ) + "\n"  # fmt: skip


def _row(variable: Variable, say: Localizer) -> dict[str, Any]:
    reversed_note = f" ({say._('turned around for the score')})" if variable.reverse and variable.scale else ""
    return {
        "name": variable.name, "label": variable.label,
        "options": [(value, _without_value(value, label)) for value, label in variable.values.items()],
        "kind": say._("text") if variable.kind == "string" else say._("number"),
        "scale": f"{variable.scale}{reversed_note}",
        "source": say._("own") if variable.source == "own" else variable.source,
    }  # fmt: skip


def _without_value(value: str, label: str) -> str:
    """Return a label without the number that it begins with, since the value stands before it."""
    return (f"{label} ".removeprefix(f"{value} ") if value.isdecimal() else label).strip()
