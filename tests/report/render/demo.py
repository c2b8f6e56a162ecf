"""A report with invented numbers and realistic content: what the exporters are looked at and tested with."""

import io
from functools import cache

import nbformat

from vunki_eval.project.theme import THEME, font_folder
from vunki_eval.results.blocks import (
    Advice,
    Bullets,
    Callout,
    Column,
    Cover,
    ExpectedResultLine,
    Figure,
    Formula,
    Heading,
    Number,
    PageOne,
    Paragraph,
    Section,
    Span,
    Table,
    paragraph,
    to_json,
)

LABELS = {
    "contents": "Sisukord",
    "figure": "Joonis",
    "figures": "Joonised",
    "table": "Tabel",
    "tables": "Tabelid",
    "annex": "Lisa",
    "page": "Lk",
    "skip": "Liigu sisu juurde",
    "source": "Allikas",
    "base": "Vastajad",
    "note": "Märkus",
    "data": "Joonise andmed",
    "footnote": "Joonealune märkus",
    "back": "Tagasi teksti juurde, märkus",
    "symbols": "Rahastaja sümbolite koht",
}
BANNER = "SÜNTEETILISED ANDMED – vastused on välja mõeldud"
SOURCE = "osalejate küsitlus, enne ja pärast loometalguid"
LONG = "Kolmekümnekaheksatuhandeviiesajakolmekümnekaheksanda" + "x" * 80


def cover(**changes):
    values = {
        "title": "Kaheksa ideed, viis sektorit: Vunki mano! loometalgud Antslas",
        "subtitle": "Hindamisaruanne: usaldus, sektoriülesed kontaktid ja koosloomeoskused enne ja pärast loometalguid",
        "language": "et",
        "running_head": "Vunki mano! loometalgud · Antsla, 13.–15. august 2020",
        "facts": (
            ("13.–15. aug 2020", "toimumise aeg; kavandatud 12.–14. märts 2020"),
            ("Antsla", "toimumise koht, Võru maakond"),
            ("92", "osalejat kohal, registreerus 104"),
            ("8", "meeskonda ja algatust"),
        ),
        "lines": (
            ("Rahastaja", "Võrumaa Partnerluskogu, LEADER meede 1.2 „Kogukonna arendamine läbi ühiskoostöö“"),
            ("Taotleja", "SA Võrumaa Arenduskeskus"),
            ("Partnerid", "Võrumaa Omavalitsuste Liit, Tallinna Ülikool"),
            ("Hinnatav periood", "9. september 2019 – 30. juuni 2021"),
        ),
        "date": "2020-10-01",
        "author": "SA Võrumaa Arenduskeskus",
        "banner": BANNER,
        "draft": "Mustand",
        "labels": LABELS,
    }
    return Cover(**{**values, **changes})


# ------------------------------------------------------------------------------------------------ drawings


@cache
def _pyplot():
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt
    from matplotlib import font_manager

    for face in sorted(font_folder().glob("*.ttf")):
        font_manager.fontManager.addfont(face)
    plt.rcParams.update(
        {
            "font.family": [THEME.sans],
            "font.size": 9.5,
            "svg.fonttype": "none",
            "svg.hashsalt": "vunki",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": THEME.muted,
            "text.color": THEME.ink,
            "axes.labelcolor": THEME.ink,
            "xtick.color": THEME.muted,
            "ytick.color": THEME.ink,
            "savefig.transparent": True,
        }
    )
    return plt


def _svg(figure):
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    _pyplot().close(figure)
    return out.getvalue()


OUTCOMES = (
    ("Kontaktid teistes sektorites", "×1,60 (1,35–1,90)", 2.1, 1.34, 2.88),
    ("Usaldus teiste sektorite vastu", "+0,7 (0,3 kuni 1,1)", 1.4, 0.6, 2.2),
    ("Koosloomeoskused", "+0,1 (−0,1 kuni 0,3)", 0.33, -0.33, 1.0),
)


def forest(width=THEME.text_width, row=0.62):
    plt = _pyplot()
    figure, axes = plt.subplots(figsize=(width, row * len(OUTCOMES) + 0.55))
    figure.subplots_adjust(left=0.02, right=0.98, top=0.97, bottom=0.5 / (row * len(OUTCOMES) + 0.55))
    axes.axvspan(-1, 1, color="#eceff0", lw=0)
    axes.axvline(0, color=THEME.muted, lw=0.8)
    for i, (name, label, estimate, low, high) in enumerate(OUTCOMES):
        y = -i
        axes.plot([low, high], [y, y], color=THEME.after, lw=2, solid_capstyle="butt")
        axes.plot(estimate, y, "o", color=THEME.after, ms=7)
        axes.text(-2, y + 0.42, name, weight="semibold", va="center", size=9.5)
        axes.text(-2, y + 0.2 if width < 4 else y, label, va="center", size=9, color=THEME.muted)
    axes.set_xlim(-2.05, 4)
    axes.set_ylim(-len(OUTCOMES) + 0.62, 0.65)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1, 2, 3], ["−1", "0", "1", "2", "3"], size=9)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("vähima olulise muutuse ühikutes", size=9, color=THEME.muted)
    return _svg(figure)


def likert():
    plt = _pyplot()
    rows = ["Omavalitsused", "Muud avaliku sektori asutused", "Vabaühendused ja kogukonnad", "Ettevõtted", "Koolid"]
    before = [(22, 41, 37), (25, 43, 32), (9, 33, 58), (21, 46, 33), (8, 35, 57)]
    after = [(14, 36, 50), (18, 41, 41), (5, 27, 68), (12, 41, 47), (6, 30, 64)]
    tones = ["#a85714", "#d8dee1", "#0b5d5e"]
    figure, axes = plt.subplots(figsize=(THEME.text_width, 3.6))
    figure.subplots_adjust(left=0.4, right=0.99, top=0.99, bottom=0.1)
    for i in range(len(rows)):
        for k, shares in enumerate((before[i], after[i])):
            y, left = -(i + 0.36 * k), 0
            for share, tone in zip(shares, tones, strict=True):
                axes.barh(y, share, 0.31, left=left, color=tone)
                ink = THEME.ink if tone == "#d8dee1" else "white"
                axes.text(left + share / 2, y, f"{share} %", ha="center", va="center", color=ink, size=9)
                left += share
            axes.text(-1.5, y, ("enne", "pärast")[k], ha="right", va="center", size=9, color=THEME.muted)
        axes.text(-13, -i - 0.18, rows[i], ha="right", va="center")
    axes.set(xlim=(0, 100), yticks=[], xticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
    for x, words, tone in ((12, "0–3 ei usalda", tones[0]), (45, "4–6", THEME.muted), (76, "7–10 usaldab", tones[2])):
        axes.text(x, -4.75, words, ha="center", color=tone, weight="semibold", size=9)
    return _svg(figure)


def flow():
    plt = _pyplot()
    steps = [("registreerus", 104), ("kohal", 92), ("vastas enne", 78), ("vastas pärast", 64), ("seostatud paarid", 55)]
    figure, axes = plt.subplots(figsize=(THEME.text_width, 2.3))
    figure.subplots_adjust(left=0.22, right=0.95, top=0.99, bottom=0.03)
    for i, (name, n) in enumerate(steps):
        axes.barh(-i, n, 0.62, color=THEME.after if i > 1 else THEME.before)
        axes.text(n + 1.2, -i, str(n), va="center", weight="semibold")
        axes.text(-1.5, -i, name, ha="right", va="center")
    axes.set(xlim=(0, 112), yticks=[], xticks=[])
    axes.spines[["bottom"]].set_visible(False)
    return _svg(figure)


def mixing():
    plt = _pyplot()
    sectors = ["Omavalitsus", "Muu avalik", "Vabaühendus", "Ettevõte", "Haridus"]
    counts = [[12, 18, 31, 14, 9], [11, 8, 16, 7, 12], [28, 15, 34, 22, 17], [9, 6, 19, 10, 5], [8, 11, 15, 6, 7]]
    figure, axes = plt.subplots(figsize=(4.6, 2.9))
    figure.subplots_adjust(left=0.2, right=0.99, top=0.86, bottom=0.02)
    axes.imshow(
        counts,
        cmap=plt.matplotlib.colors.LinearSegmentedColormap.from_list("t", ["#ffffff", THEME.after]),
        aspect="auto",
    )
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            axes.text(j, i, str(n), ha="center", va="center", color="white" if n > 17 else THEME.ink)
    axes.set_xticks(range(5), sectors, size=9)
    axes.set_yticks(range(5), sectors, size=9)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    return _svg(figure)


# ------------------------------------------------------------------------------------------------ sections


@cache
def chart():
    alt = "Kontakte teistes sektorites oli pärast selgelt rohkem, usaldus oli suurem, oskuste kohta ei saa otsustada."
    data = (("Näitaja", "Muutus", "Alumine", "Ülemine"), *((n, str(e), str(a), str(b)) for n, _, e, a, b in OUTCOMES))
    return Figure("change", "Muutus enne ja pärast", "", alt, forest(THEME.chart_width, 0.72), data=data)


def page_one():
    return PageOne(
        verdict="Osalejatel oli pärast loometalguid selgelt rohkem kontakte teistes sektorites; ka usaldus oli suurem",
        lead="Kolmest põhinäitajast üks paranes selgelt ja üks ebaselges ulatuses, ühe kohta ei saa otsustada. "
        "Võrdlusrühma ei ole: muutuse põhjust see uuring ei näita.",
        numbers=(
            Number("92", "", "osalejat kohal", "eesmärk 100", 0.92),
            Number("8", "", "algatust arenduses", "eesmärk 10", 0.8),
            Number("3,4", "", "uut kontakti teistest sektoritest inimese kohta (2,6–4,3)", "eesmärk 3", 1.13),
            Number("–", "", "ideed tööl 6–12 kuu järel", "ei ole veel mõõdetud"),
            Number("165", "€", "osaleja kohta, kogu projekt", "kavandatud 165 €"),
        ),
        expected_results=(
            ExpectedResultLine("Koosloome kogemus kasvab", "◇", "ei saa otsustada", 1, "nõrk"),
            ExpectedResultLine("Sektorid on paremini seotud", "▲", "selgelt parem", 2, "keskmine"),
            ExpectedResultLine("Usaldus osapoolte vahel", "▲", "parem, ulatus ebaselge", 2, "keskmine"),
            ExpectedResultLine("Vabatahtlik panus teenustes", "○", "ei ole veel mõõdetud", 0, "puudub"),
            ExpectedResultLine("Uued ühised lahendused", "◆", "8 / 10, valdavalt saavutatud", 3, "tugev"),
        ),
        chart=chart(),
        chart_note="Joon nullil: muutust ei ole. Hall ala: muutus on väiksem kui vähim oluline. Kriips: 95 % "
        "usaldusvahemik (arvestab juhuslikkust, mitte usaldust). n = 87, neist 55 paari.",
        limits=(
            "miks muutus toimus: võrdlusrühma ei ole;",
            "kas muutus püsib: järelküsitlus on tegemata;",
            "kuidas mõtlevad need 28, kes pärast ei vastanud.",
        ),
        advice=(
            Advice("Korraldada 6 kuu pärast järelküsitlus koos meeskondade seisuga.", "Arenduskeskus", "veebruar 2021"),
            Advice("Kutsuda rohkem ettevõtjaid: nende osa oli 9 %.", "Korraldustiim", "järgmised talgud"),
            Advice("Anda igale algatusele mentor esimeseks pooleks aastaks.", "Omavalitsuste Liit", "oktoober 2020"),
        ),
        base="Enne vastas 78, pärast 64 osalejat 92-st (85 % ja 70 %); mõlemad vastused on seostatud 55 inimesel. "
        "Allikas: osalejate küsitlus.",
        labels={
            "eyebrow": "Kokkuvõte ühel lehel",
            "results": "Mida projekt lubas",
            "result": "Oodatav tulemus",
            "status": "Seis",
            "strength": "Leiu kindlus",
            "change": "Muutus enne → pärast",
            "limits": "Mida me ei saa väita",
            "advice": "Hindaja soovitused",
            "no_advice": "Hindaja ei ole soovitusi kirja pannud.",
        },
    )


TEXT = (
    "Enne loometalguid vastas 78 ja pärast 64 osalejat 92-st. Mõlemad vastused on seostatud 55 inimesel. Muutus on "
    "arvutatud kõigi vastuste põhjal, seega loevad ka need, kes vastasid vaid ühel korral. Usaldusvahemik näitab, kui "
    "täpne hinnang on: 95 protsendil sellistest uuringutest jääb tegelik väärtus vahemikku."
)


def trust_table():
    return Table(
        "trust-change",
        "Usaldus teiste sektorite vastu oli pärast loometalguid 0,7 punkti suurem",
        (
            Column("Kelle vastu"),
            Column("n", "right"),
            Column("Enne", "decimal", "0–10"),
            Column("Pärast", "decimal", "0–10"),
            Column("Muutus", "decimal", "punkti"),
            Column("95 % usaldusvahemik", "right"),
            Column("Järeldus"),
        ),
        (
            ("Omavalitsused", "87", "5,8", "6,5", "+0,71", "0,30 kuni 1,12", "suurem, ulatus ebaselge"),
            ("Muud avaliku sektori asutused", "87", "5,5", "6", "+0,5", "0,08 kuni 0,92", "suurem, ulatus ebaselge"),
            ("Vabaühendused ja kogukonnad", "86", "7,1", "7,6", "+0,48", "0,11 kuni 0,85", "suurem, ulatus ebaselge"),
            ("Ettevõtted", "85", "5,9", "6,3", "+0,4", "−0,05 kuni 0,85", "ei saa otsustada"),
            ("Koolid ja teadlased", "87", "7,25", "7,5", "+0,25", "−0,10 kuni 0,60", "ei saa otsustada"),
            ("Euroopa Parlament (võrdluseks)", "80", "4,9", "4,9", "0", "−0,35 kuni 0,35", "muutust ei ole"),
        ),
        "keskmised kõigi vastuste põhjal (REML, kaks lainet), n on inimesed, kes vastasid vähemalt ühel korral; "
        "p-väärtused on Holmi järgi kohandatud.",
    )


def items_table(rows=30):
    names = (
        "Oskan kogukonna probleemi selgitada nii, et ka teiste valdkondade inimesed seda mõistavad",
        "Leian vajadusel inimesed, kellega koos lahendus läbi proovida",
        "Julgen poolelioleva idee teistele näidata",
    )
    return Table(
        "items",
        "Küsimuste vastused enne ja pärast",
        (
            Column("Kood"),
            Column("Küsimus", wide=True),
            Column("n", "right"),
            Column("Enne", "decimal"),
            Column("Pärast", "decimal"),
        ),
        tuple(
            (
                f"CE{i}",
                names[i % 3],
                str(60 + i % 9),
                f"{3 + i % 7 / 10:.1f}".replace(".", ","),
                f"{3.2 + i % 8 / 10:.1f}".replace(".", ","),
            )
            for i in range(1, rows + 1)
        ),
        "skaala 1–5; alla viie vastaja lahtreid ei avaldata.",
    )


def sections():
    figure = Figure
    return (
        Section("cover", "", (cover(),), language="et", labels=LABELS),
        Section("page-one", "", (page_one(),), language="et", labels=LABELS),
        Section(
            "summary",
            "Kontakte teistes sektorites oli pärast loometalguid rohkem kui enne",
            (
                paragraph(
                    "Kolmest põhinäitajast üks paranes selgelt. Teine paranes, kuid ulatus on ebaselge. Kolmanda "
                    "kohta ei saa nende andmete põhjal otsustada.",
                    "lead",
                ),
                Paragraph(
                    (
                        Span(TEXT + " "),
                        Span("Arvutuskäik", link="#method"),
                        Span(" on lisas"),
                        Span(".", footnote="Kõik arvud on ka selle faili manuses results.json."),
                    )
                ),
                figure(
                    "forest",
                    "Kontaktide arv kasvas rohkem kui vähim oluline muutus",
                    "Muutus vähima olulise muutuse ühikutes, Antsla loometalgud, august 2020, n = 87",
                    "Metsajoonis: kontaktid 2,1 ühikut, usaldus 1,4, oskused 0,33; vahemikud joonise andmetes.",
                    forest(),
                    "87 inimest, neist 55 vastasid mõlemal korral; 5 vastust puudu.",
                    SOURCE,
                    chart().data,
                ),
                Callout(
                    "Mida võib öelda",
                    (
                        (
                            Span(
                                "„Osalejad said loometalgutel keskmiselt 3,4 uut kontakti teistest sektoritest "
                                "(2,6–4,3; n = 61).“ Vaata "
                            ),
                            Span("tabelit", link="#trust-change"),
                            Span("."),
                        ),
                    ),
                    "tip",
                ),
            ),
            "Põhinäitajate muutus enne ja pärast, osalejad, Antsla, august 2020, n = 87",
            language="et",
            labels=LABELS,
        ),
        Section(
            "who",
            "Pooled osalejad tulid omavalitsustest ja vabaühendustest",
            (
                paragraph(TEXT),
                figure(
                    "flow",
                    "Üheksast osalejast kümnest sai teada vähemalt ühe hinnangu",
                    "Osalejate arv etapiti, inimesi",
                    "Tulpdiagramm: registreerus 104, kohal 92, vastas enne 78, pärast 64, seostatud 55.",
                    flow(),
                    "92 kohal olnud inimest.",
                    SOURCE,
                    (("Etapp", "n"), ("registreerus", "104"), ("kohal", "92")),
                ),
                paragraph(TEXT),
            ),
            "Osalejate liikumine registreerimisest analüüsini, n = 104",
        ),
        Section(
            "trust",
            "Usaldus teiste sektorite vastu oli suurem, kuid ulatus on ebaselge",
            (
                paragraph(TEXT),
                trust_table(),
                figure(
                    "likert",
                    "Kõige rohkem kasvas nende osa, kes usaldavad omavalitsusi",
                    "Vastuste osakaal enne ja pärast, %, n = 85–87",
                    "Virnad: omavalitsusi usaldas enne 37 % ja pärast 50 %; ettevõtteid 33 % ja 47 %.",
                    likert(),
                    "Vastanud mõlemal korral; „ei oska öelda“ on välja jäetud.",
                    SOURCE,
                    (("Rida", "enne", "pärast"), ("Omavalitsused", "37 %", "50 %")),
                ),
                Heading("Mida usaldus siin tähendab", 2, "trust-words"),
                paragraph(TEXT),
                Bullets(
                    (
                        (Span("usaldus on ootus, et teised teevad, mida lubavad;"),),
                        (Span("iga sektor hindas "), Span("teisi", "emphasis"), Span(", mitte iseennast;")),
                        (Span("skaala on 0–10."),),
                    )
                ),
            ),
            "Keskmine hinnang skaalal 0–10, osalejad, Antsla, n = 87",
        ),
        Section(
            "networks",
            "Uued kontaktid ületasid sektorite piire",
            (
                paragraph(TEXT),
                figure(
                    "mixing",
                    "Vabaühendused olid sektoritevaheliste kontaktide keskmes",
                    "Kontaktide arv, kes keda nimetas, pärast",
                    "Maatriks: kõige rohkem kontakte on omavalitsuste ja vabaühenduste vahel (31 ja 28).",
                    mixing(),
                    "64 vastajat 92-st (70 %).",
                    SOURCE,
                ),
                paragraph(TEXT),
                Callout("Ettevaatust", ((Span("Uued kontaktid on kavatsetud kontaktid, mitte koostöö."),),), "warning"),
            ),
            "Sektoritevahelised kontaktid, n = 64",
        ),
        Section(
            "ideas",
            "Kaheksast ideest kolm oli poole aasta pärast töös",
            (
                paragraph(TEXT),
                Table(
                    "initiatives",
                    "Algatused ja nende seis",
                    (
                        Column("Algatus", wide=True),
                        Column("Omavalitsus"),
                        Column("Seis"),
                        Column("Vabatahtliku töö tunnid", "right", "h"),
                    ),
                    (
                        ("Külamaja ühine köök", "Antsla vald", "proovitud", "120"),
                        ("Ühistransport eakatele", "Võru vald", "töös", "1 040"),
                        ("Noorte digiabi raamatukogus", "Rõuge vald", "kavas", "andmed puuduvad"),
                    ),
                    "seis 1. oktoobril 2020; tunnid on meeskondade hinnang.",
                ),
                paragraph(TEXT),
                paragraph(TEXT),
            ),
            "Algatuste seis 6 kuud pärast loometalguid",
        ),
        Section(
            "method",
            "Kuidas arvud on saadud",
            (
                paragraph(TEXT),
                Heading("Muutuse suurus", 2, "size-of-change"),
                Formula("g_av", "g indeksiga av võrdub J korda keskmiste vahe jagatud standardhälvete ruutkeskmisega"),
                Formula("hedges_j", "J on gammafunktsioonide suhe"),
                Formula(
                    "alpha",
                    "alfa võrdub k jagatud k miinus ühega, korda üks miinus dispersioonide summa suhe kogudispersiooni",
                ),
                Formula(
                    "omega", "oomega võrdub laadungite summa ruut jagatud sama ruudu ja jääkdispersioonide summaga"
                ),
                Formula("reml", "piiratud tõepära"),
                Table(
                    "versions",
                    "Korratavus",
                    (Column("Pakett"), Column("Versioon"), Column("Sisendi räsi", wide=True)),
                    (
                        ("vunki-eval", "0.1.0", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                        ("scipy", "1.17.1", "–"),
                    ),
                ),
            ),
            "",
            "annex",
        ),
        Section("item-table", "Kõik küsimused ja vastused", (items_table(),), "Keskmised, skaala 1–5", "annex"),
    )


def hostile():
    words = (
        '<script>alert("x")</script> #read("/etc/passwd") $\\input{x}$ *tärn* @viide [link](http://x.y) {{7*7}} '
        "<img src=x onerror=alert(1)> &amp; \\u{41} " + LONG
    )
    return Section(
        "hostile",
        'Pealkiri <b>ja</b> #set text(red) $x$ "jutumärgid"',
        (
            paragraph(words),
            paragraph("emoji 👩‍👩‍👧 ❤️ 🏳️‍🌈, heebrea שלום עולם, araabia مرحبا, hiina 你好, null\x00 ja \u202etagurpidi"),
            Paragraph(
                (
                    Span("halb", link="javascript:alert(1)"),
                    Span(" fail", link="file:///etc/passwd"),
                    Span(" hea", link='https://example.org/?a=1&b="2'),
                    Span(" tundmatu", link="#no-such"),
                    Span(" kood", "code"),
                )
            ),
            Table(
                "bad",
                "<i>tabel</i> #table",
                (Column("<td>"), Column("#n", "decimal")),
                (("$x$", "1,5"), (LONG, "12")),
                "märkus <hr>",
            ),
        ),
    )


def notebook(parts=None, extra=()):
    """Make the executed notebook that shows the sections."""
    book = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
    book.cells.append(nbformat.v4.new_markdown_cell("# Juhend märkmiku kasutajale\nSee jääb aruandest välja."))
    for part in sections() if parts is None else parts:
        cell = nbformat.v4.new_code_cell(f"salajane_kood('{part.key}')")
        data = {"application/vnd.vunki.section+json": to_json(part), "text/plain": part.title}
        cell.outputs = [
            nbformat.v4.new_output("stream", name="stderr", text="hoiatus"),
            nbformat.v4.new_output("display_data", data=data),
        ]
        book.cells.append(cell)
    book.cells.extend(extra)
    return book
