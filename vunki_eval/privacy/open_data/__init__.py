"""The research package: k-anonymous rows with labels, codebook, Frictionless Data Package, licence and citation."""

from vunki_eval.privacy.open_data.write import Exported, export_package

__all__ = ["Exported", "export_package"]
