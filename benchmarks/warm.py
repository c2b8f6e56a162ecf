"""One event in a process that has done its imports: a plain function against the engine, export included.

Prints for each repeat: wall seconds of plain and engine, processor seconds of plain and engine, same PDF or not.
"""

import os
import resource
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from vunki_eval.publish.engine.imports import load


def plain(root: Path, event: str, target: Path) -> None:
    """The same analysis, figures and exports, written as one would in a script."""
    import nbformat

    from vunki_eval.publish.build import write_figures, write_results
    from vunki_eval.report.render.export import export_notebook
    from vunki_eval.results.blocks import SECTION_MIME, Section

    os.chdir(root)
    names: dict[str, object] = {"event": event, "language": "et"}
    cells = nbformat.read(root / "notebooks" / "event_report.ipynb", as_version=4).cells
    sources = [c.source for c in cells if c.cell_type == "code" and "parameters" not in c.metadata.get("tags", [])]
    shown = []
    for source in sources:
        *lines, last = source.strip().splitlines()
        try:
            code = compile(last, "cell", "eval")
        except SyntaxError:  # the last line ends a longer statement, which shows nothing new
            exec(source, names)
            continue
        exec("\n".join(lines), names)
        value = eval(code, names)
        if isinstance(value, Section):
            shown.append(
                nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", value._repr_mimebundle_())])
            )
    assert shown, SECTION_MIME
    notebook = nbformat.v4.new_notebook(cells=shown)
    (target / "et" / "figures").mkdir(parents=True)
    write_results(target, names["results"])  # type: ignore[arg-type]
    write_figures(notebook, target / "et" / "figures")
    for kind in ("pdf", "html"):
        made = export_notebook(notebook, kind, results_path=target / "results.json")
        (target / "et" / f"report.{kind}").write_bytes(made)


def counted(task: object) -> object:
    """Build, and give the processor time of the worker and its children in place of the counts."""
    from vunki_eval.publish.workers import build

    outcome = build(task)  # type: ignore[arg-type]
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return replace(outcome, counts={"cpu": sum(u.ru_utime + u.ru_stime for u in used)})  # type: ignore[type-var]


def main(root: str, work: str, event: str, repeats: str) -> None:
    load()
    from vunki_eval.publish.unit import BuildPlan, Task
    from vunki_eval.publish.workers import end, receive, start

    project, folder = Path(root).resolve(), Path(work).resolve()
    plan = BuildPlan(event, ("et",), ("pdf", "html"), True, "")
    for repeat in range(int(repeats) + 1):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        process, pipe = start(counted, Task(project, folder, plan), warm=True)
        outcome = receive(pipe, event)
        end(process)
        engine = outcome.seconds  # type: ignore[union-attr]
        began = time.perf_counter()
        child = os.fork()  # as fresh as the engine's: no cache of an earlier repeat
        if child == 0:
            plain(project, event, folder / "plain")
            os._exit(0)
        _, code, usage = os.wait4(child, 0)
        took = time.perf_counter() - began
        assert code == 0
        if repeat:  # the first one starts the warm process
            same = (folder / "plain" / "et" / "report.pdf").read_bytes() == (
                folder / event / "et" / "report.pdf"
            ).read_bytes()
            used = usage.ru_utime + usage.ru_stime, outcome.counts["cpu"]  # type: ignore[union-attr]
            print(f"{took:.3f} {engine:.3f} {used[0]:.3f} {used[1]:.3f} {same}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
