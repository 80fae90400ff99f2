"""Languages that upstreams write out in words, as codes."""

import re

_NAMES = {
    "sv": "svenska swedish suédois schwedisch",
    "en": "engelska english anglais englisch",
    "fr": "franska french français französisch",
    "de": "tyska german allemand deutsch",
    "fi": "finska finnish finnois finnisch",
    "da": "danska danish danois dänisch",
    "no": "norska norwegian norvégien norwegisch",
    "is": "isländska icelandic islandais isländisch",
    "es": "spanska spanish espagnol spanisch",
    "it": "italienska italian italien italienisch",
    "pt": "portugisiska portuguese portugais portugiesisch",
    "nl": "nederländska holländska dutch néerlandais niederländisch",
    "pl": "polska polish polonais polnisch",
    "ru": "ryska russian russe russisch",
    "uk": "ukrainska ukrainian ukrainien ukrainisch",
    "cs": "tjeckiska czech tchèque tschechisch",
    "hu": "ungerska hungarian hongrois ungarisch",
    "ro": "rumänska romanian roumain rumänisch",
    "el": "grekiska greek grec griechisch",
    "tr": "turkiska turkish turc türkisch",
    "ar": "arabiska arabic arabe arabisch",
    "fa": "persiska farsi persian persan persisch",
    "he": "hebreiska hebrew hébreu hebräisch",
    "ja": "japanska japanese japonais japanisch",
    "ko": "koreanska korean coréen koreanisch",
    "zh": "kinesiska mandarin kantonesiska chinese cantonese chinois chinesisch",
    "hi": "hindi",
    "se": "samiska sami same samisch",
    "yi": "jiddisch yiddish",
    "et": "estniska estonian estonien estnisch",
    "lv": "lettiska latvian letton lettisch",
    "lt": "litauiska lithuanian lituanien litauisch",
    "sr": "serbiska serbian serbe serbisch",
    "hr": "kroatiska croatian croate kroatisch",
    "bg": "bulgariska bulgarian bulgare bulgarisch",
    "ka": "georgiska georgian géorgien georgisch",
    "th": "thailändska thai thaï thailändisch",
    "vi": "vietnamesiska vietnamese vietnamien vietnamesisch",
    "so": "somaliska somali somalisch",
    "sw": "swahili",
    "ur": "urdu",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_WORD = re.compile(r"[^\W\d_]+")


def spoken(words: str) -> tuple[str, ...]:
    """ISO 639 codes of the languages named in *words* ("finska, svenska"), each once; unknown words say nothing."""
    codes = (_CODES.get(word) for word in _WORD.findall(words.casefold()))
    return tuple(dict.fromkeys(code for code in codes if code))
