"""Write the documentation's pages of codes: ``python -m vunki_eval.explanations docs``."""

import sys
from pathlib import Path

from vunki_eval.explanations import PAGE, page


def main(folder: str) -> None:
    """Write one page per language below a folder."""
    for language in PAGE:
        path = Path(folder) / language / "codes.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs")
