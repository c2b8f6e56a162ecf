"""``python -m vunki_eval.simulate``: rewrite the synthetic events of the project in this folder."""

from vunki_eval.project.project import load_project
from vunki_eval.simulate.shipped import shipped_files


def main() -> None:
    """Write exports, decisions and true values of the shipped synthetic events below ``surveys/``."""
    project = load_project()
    for name, text in shipped_files(project.instrument).items():
        path = project.surveys / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        print(f"surveys/{name}")


if __name__ == "__main__":
    main()
