"""Words that claim a cause: a design without a comparison group does not support them.

The list applies to every sentence, label and alt text that the program writes. Text that people wrote is exempt.
"""

import re

_ENGLISH = (
    r"caus(?:e[sd]?|ing|al|ally|ation)",
    r"(?:lead(?:s|ing)?|led) to",
    r"impact\w*",
    r"effective\w*",
    r"effect size\w*",
    r"due to",
    r"prove[sdn]?",
    r"proving",
    r"thanks to",
    r"because of",
    r"owing to",
    r"result(?:s|ed|ing)? from",
)
_ESTONIAN = (
    r"põhjusta\w*",
    r"(?:tõi|tõid|toob|toovad|toonud|tuua) kaasa",
    r"kaasa (?:tõi|tõid|toob|toovad)",
    r"mõjul",
    r"mõjuta\w*",
    r"tõesta\w*",
    r"tänu",
    r"tulene\w*",
    r"tulemusel",
    r"tingi(?:s|b|vad|tud|nud|sid)",
    r"(?:aitas|aitasid|aitab|aitavad) kaasa",
    r"(?:suurenda|paranda|tugevda)(?:s|sid|b|vad|nud|tud)",
)
_BANNED = {
    "en": re.compile(r"\b(?:" + "|".join(_ENGLISH) + r")\b", re.IGNORECASE),
    "et": re.compile(r"\b(?:" + "|".join(_ESTONIAN) + r")\b", re.IGNORECASE),
}
_NAMED_CRITERION = re.compile(r"\bDAC: \w+", re.IGNORECASE)


def banned(text: str, language: str) -> list[str]:
    """Find the words in a text that claim more than a before-and-after design can.

    Parameters
    ----------
    text : str
        Generated text. OECD-DAC criteria named as such ("DAC: impact") are exempt.
    language : str
        ``et`` or ``en``; ``vro`` is checked as Estonian.

    Returns
    -------
    list of str
        The words as written; empty if the text may stand.

    Examples
    --------
    >>> banned("The event led to more trust.", "en")
    ['led to']
    >>> banned("After the event trust was higher.", "en")
    []
    """
    pattern = _BANNED["en" if language.startswith("en") else "et"]
    return pattern.findall(_NAMED_CRITERION.sub("", " ".join(text.split())))
