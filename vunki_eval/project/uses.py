"""What a question or a scale is for: the closed vocabulary of ``use``.

Items and scales have codes of their own choosing. Where the report has a block, a figure or a sentence for a certain
question, it asks the instrument for the item with that use, never for a code. `USES` says for each use where it may
stand, whether more than one item may have it, and what it adds to the report; the page of keys is written from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

RATED = ("single", "number")
SCALE = "scale"
"""Stands in ``kinds`` of a use that scales have, not items."""


@dataclass(frozen=True, slots=True)
class Use:
    """A use and what it adds.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of item that may have it; ``("scale",)`` if it belongs to scales.
    en, et : str
        What it adds to the report, in a sentence.
    once : bool
        Whether one item (or scale) of the instrument at most may have it.
    """

    kinds: tuple[str, ...]
    en: str
    et: str
    once: bool = True


USES: Mapping[str, Use] = MappingProxyType({
    # consent and people
    "consent": Use(("single",), "Consent: rows whose answer is not among agrees are left out and counted.",
                   "Nõusolek: read, mille vastust agrees ei nimeta, jäävad välja ja loetakse kokku.", once=False),
    "sector": Use(("single",), "Who took part by sector, results by sector, and who met whom.",
                  "Osalejad ja tulemused sektorite kaupa ning kes kellega kohtus."),
    "municipality": Use(("single",), "Where people came from, as a table and as dots on the map.",
                        "Kust osalejad tulid: tabel ja täpid kaardil."),
    "municipality_part": Use(("single",), "Stands below the municipality among those who took part.",
                             "Seisab osalejate kirjelduses omavalitsuse järel."),
    "role": Use(("single",), "Who took part by role at the event, and results by role.",
                "Osalejad ja tulemused rolli kaupa."),
    "earlier_events": Use(RATED, "Who had been at earlier events, and results for newcomers and the others.",
                          "Kes oli varem osalenud, ning uute ja varasemate osalejate tulemused."),
    "age": Use(RATED, "Age, in the annex only; helps to tell people apart when answers are linked.",
               "Vanus, ainult lisas; aitab vastuste seostamisel inimesi eristada."),
    "gender": Use(("single",), "Gender, in the annex only.", "Sugu, ainult lisas."),
    "group": Use(("single",), "Results by the answers of this question, as by sector.",
                 "Tulemused selle küsimuse vastuste kaupa nagu sektorite kaupa.", once=False),
    "team": Use(("text", "single"), "Teams: intervals allow for people of one team answering alike; teams by sectors.",
                "Meeskonnad: vahemikud arvestavad, et ühe meeskonna vastused on sarnased; sektorid meeskonniti."),
    # the event
    "satisfaction": Use(RATED, "Share of the satisfied, in the sentence on the event and in the feedback summary.",
                        "Rahulolijate osakaal ürituse kohta käivas lauses ja tagasiside kokkuvõttes."),
    "recommendation": Use(RATED, "Readiness to recommend: distribution, and on 0-10 promoters minus critics.",
                          "Soovitamisvalmidus: jaotus, skaalal 0–10 ka soovitusindeks."),
    "valued": Use(("text",), "What was valued most: themes, in the feedback summary too.",
                  "Mida kõige rohkem hinnati: teemad, ka tagasiside kokkuvõttes."),
    "hindered": Use(("text",), "What hindered: themes, in the feedback summary too.",
                    "Mis takistas: teemad, ka tagasiside kokkuvõttes."),
    "next_time": Use(("text",), "What to do otherwise next time: themes, in the feedback summary too.",
                     "Mida järgmisel korral teisiti teha: teemad, ka tagasiside kokkuvõttes."),
    "next_step": Use(("text",), "The next step and the help it needs: themes.",
                     "Järgmine samm ja selleks vajalik abi: teemad."),
    # networking
    "contacts": Use(("number",), "Contacts outside one's own sector: the headline of the section on networking.",
                    "Kontaktid teistes sektorites: võrgustikuosa põhinäitaja."),
    "partner_sectors": Use(("multiple",), "Sectors with which things were done together: matrix and variety.",
                           "Sektorid, kellega on midagi koos tehtud: maatriks ja mitmekesisus."),
    "new_contacts": Use(("number",), "New contacts that people intend to keep.",
                        "Uued kontaktid, mida kavatsetakse hoida."),
    "new_contacts_across": Use(("number",), "How many of the new contacts are from another sector, and their share.",
                               "Mitu uut kontakti on teisest sektorist ja kui suur on nende osa."),
    "joint_plans": Use(("number",), "With how many of the new contacts something new is planned.",
                       "Mitme uue tuttavaga on midagi uut kavas."),
    "new_contact_sectors": Use(("multiple",), "Sectors of the people newly met: matrix, seen against chance.",
                               "Uute tuttavate sektorid: maatriks, võrreldes juhusega."),
    "contacts_kept": Use(("number",), "With how many of the people met there was contact later.",
                         "Mitme tuttavaga on hiljem suheldud."),
    # what became of it
    "continuation": Use(RATED, "Intention to go on with the idea, in the section on ideas.",
                        "Kavatsus ideega jätkata, ideede osas."),
    "ability": Use(RATED, "Whether people have what they need to continue, in the section on ideas.",
                   "Kas jätkamiseks vajalik on olemas, ideede osas."),
    "intended_practice": Use(RATED, "Intention to use what was learned, in the section on ideas.",
                             "Kavatsus õpitut kasutada, ideede osas."),
    "practice": Use(("single",), "Whether what was learned has been used.", "Kas õpitut on kasutatud."),
    "practice_times": Use(("number",), "How many times what was learned has been used.",
                          "Mitu korda õpitut on kasutatud."),
    "volunteer_hours": Use(("number",), "Hours of voluntary work, before and later.",
                           "Vabatahtliku töö tunnid, enne ja hiljem."),
    "stage": Use(("single",), "Stage of a team's idea: joins the register of initiatives when members agree.",
                 "Meeskonna idee seis: jõuab algatuste registrisse, kui liikmed on ühel nõul."),
    "team_hours": Use(("number",), "Volunteer hours a month put into the idea, as a median of teams.",
                      "Ideesse panustatud vabatahtliku töö tunnid kuus, meeskondade mediaan."),
    "team_money": Use(("number",), "Money raised for the idea, as a median of teams.",
                      "Idee jaoks kaasatud raha, meeskondade mediaan."),
    "team_partners": Use(("number",), "New partners of the idea, as a median of teams.",
                         "Idee uued partnerid, meeskondade mediaan."),
    "event_share": Use(RATED, "People's own view of the event's share in what followed.",
                       "Inimeste endi hinnang ürituse osale järgnenus."),
    # scales
    "cross_sector_trust": Use((SCALE,), "Trust across sectors: the headline of the section on trust.",
                              "Usaldus sektorite vahel: usalduse osa põhinäitaja."),
    "general_trust": Use((SCALE,), "Trust in people in general, beside trust across sectors.",
                         "Usaldus inimeste vastu üldiselt, sektoritevahelise usalduse kõrval."),
    "team_trust": Use((SCALE,), "Trust in the team, measured once.", "Usaldus meeskonnas, mõõdetud ühel korral."),
    "control": Use((SCALE,), "A control question that the event did not touch, on the axis of the changes.",
                   "Kontrollküsimus, mida üritus ei puudutanud, muutuste teljel."),
    "skills": Use((SCALE,), "Skills, self-rated: the headline of the section on skills.",
                  "Oskused enda hinnangul: oskuste osa põhinäitaja."),
    "attitude": Use((SCALE,), "Attitude, beside the skills.", "Hoiak, oskuste kõrval."),
    "looking_back": Use((SCALE,), "Earlier skills, rated afterwards: set against what people said before.",
                        "Varasemad oskused tagantjärele hinnatuna, võrreldes varem öelduga."),
    "experience": Use((SCALE,), "Experience of the event, as a profile of its questions.",
                      "Osalemiskogemus, küsimuste profiilina."),
    "process": Use((SCALE,), "How the work went, as a profile of its questions.", "Töö laad, küsimuste profiilina."),
})  # fmt: skip
"""Every use, in the order of the report."""

ITEM_USES = tuple(name for name, use in USES.items() if SCALE not in use.kinds)
SCALE_USES = tuple(name for name, use in USES.items() if SCALE in use.kinds)
PARTICIPANTS = ("sector", "municipality", "municipality_part", "role", "earlier_events")
"""Uses of the questions that describe who took part, in the order of the report."""
GROUPS = ("sector", "municipality", "role", "earlier_events", "group")
"""Uses of the questions by whose answers results are also given."""
