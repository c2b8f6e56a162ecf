"""``python -m vunki_eval`` is the program ``vunki-eval``."""

from vunki_eval.cli import main

if __name__ == "__main__":
    main()
