"""Estonian sentences for the simulated open answers: harmless and about nobody."""

from types import MappingProxyType

SENTENCES = MappingProxyType(
    {
        "OQ1": (
            "Uued tuttavad ja nende kogemused.",
            "Sain rääkida inimestega, kellega muidu kokku ei puutu.",
            "Mentorite küsimused panid mõtlema.",
            "Aeg, mil sai rahulikult ühe asjaga tegeleda.",
            "Ühine arusaam, mida on vaja teha.",
            "Meeskonna toetus, eriti teisel päeval.",
            "See, et vald ja külaselts istusid ühe laua taga.",
            "Õppisin ideed lühidalt esitlema.",
        ),
        "OQ2": (
            "Aega jäi väheks.",
            "Alguses ei olnud ülesanne selge.",
            "Ruumis oli kohati lärmakas.",
            "Puudu jäi inimesi ettevõtetest.",
            "Internet kadus vahel ära; muu sujus.",
            "Raske oli leida, kes edasi vastutab.",
            "Midagi otseselt ei takistanud.",
        ),
        "OQ3": (
            "Kohtume meeskonnaga kahe nädala pärast.",
            "Leppisime kokku järgmise koosoleku.\nAbi praegu ei vaja.",
            "Vajame nõu rahastuse taotlemisel.",
            "Küsime vallalt ruume katsetamiseks.",
            "Teeme väikese katsetuse ühes külas.",
            "Otsime juurde ühe ettevõtte.",
            "Paneme kirja teenuse kirjelduse ja hinna.",
            "Abi oleks mentorist, kes korra kuus kaasa mõtleb.",
        ),
    }
)
