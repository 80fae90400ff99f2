"""Text to tokens, for what is stored and for what is asked. The only place that knows how words are compared.

A word is a run of letters and digits. Case is folded and accents fall off, but å, ä and ö are letters of their own,
and æ and ø are two of them. What is stored are two streams: *folded* words in their order (``goteborgs konserthus``),
which phrases are looked for in, and *further forms* in no order: the word with its å, ä and ö (``göteborgs``), its stem
where the language is known, its German spelling without umlauts, and words written together that a hyphen or an
apostrophe parts. A question is met by a form, so ``goteborg`` finds Göteborg and Goteborg, ``göteborg`` Göteborg alone.

Tokens hold letters and digits only, so that neither database can take one for an operator.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

import snowballstemmer

LONGEST_WORD = 40
SEPARATOR = "0x0"
_STEMMERS = {"sv": "swedish", "fr": "french", "de": "german", "en": "english"}
LANGUAGES = tuple(_STEMMERS)

_WORD = re.compile(r"[^\W_]+")
# Words that a sign parts and that many write together: O'Brien, AC/DC, M.I.A.
_PARTED = re.compile(r"[^\W_]+(?:['’.\-‐‑/&+][^\W_]+)+")
_SWEDISH = frozenset("åäö")
_LETTERS = {
    "æ": "ä",
    "ø": "ö",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "ħ": "h",
    "å": "å",
    "ä": "ä",
    "ö": "ö",
}
_FOLDS = str.maketrans({"å": "a", "ä": "a", "ö": "o"})
_SPELT_OUT = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae"})
_TAG = re.compile(r"<[^>]*>?")


class _Accents(dict[int, str]):
    """Character → what is left of it; learns each character once, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = _LETTERS.get(character)
        if kept is None:
            parts = unicodedata.normalize("NFKD", character)
            kept = "".join(_LETTERS.get(part, part) for part in parts if not unicodedata.combining(part))
        self[code] = kept
        return kept


_ACCENTS = _Accents()


def plain(text: str) -> str:
    """*text* in small letters without accents, but with å, ä and ö."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text.casefold()).translate(_ACCENTS)


def fold(text: str) -> str:
    """``plain`` with å, ä and ö taken for a and o."""
    return plain(text).translate(_FOLDS)


def words(text: str) -> list[str]:
    """The words of *text* in order, each as ``plain`` leaves it and at most ``LONGEST_WORD`` long."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain(text))]


def folded(word: str) -> str:
    """One plain word without å, ä and ö."""
    return word if word.isascii() else word.translate(_FOLDS)


def stem(word: str, language: str) -> str:
    """The stem of a plain word in one of ``LANGUAGES``; the word itself in any other."""
    return _stem(word, language) if language in _STEMMERS else word


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    return str(_stemmer(language).stemWord(word))


@lru_cache(maxsize=len(_STEMMERS))
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_STEMMERS[language])


def language_of(tag: str) -> str:
    """The language of a text's tag (``sv-FI`` is Swedish); "" for one that is not stemmed."""
    language = tag[:2].lower()
    return language if language in _STEMMERS and tag[2:3] in ("", "-", "_") else ""


def text_of(rich: str, limit: int = 2000) -> str:
    """The beginning of a rich text without its tags. For tokens only: what it gives is not safe on a page."""
    return html.unescape(_TAG.sub(" ", rich[:limit]))


@lru_cache(maxsize=8192)
def analysed(tag: str, text: str, most: int = 400) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first *most* words of *text*, plain and in order, and the further forms of them.

    Kept for a while, since many rows hold the same texts and since the store lets texts be analysed before its
    transactions begin.
    """
    language = language_of(tag)
    found = tuple(words(text)[:most])
    further: dict[str, None] = {}
    for word in found:
        further.update(dict.fromkeys(_forms(word, language)))
    if not text.isalnum():
        further.update(dict.fromkeys(_joined(text)))
    if not text.isascii():
        further.update(dict.fromkeys(_spelt_out(text)))
    return found, tuple(form for form in further if form)


@lru_cache(maxsize=200_000)
def _forms(word: str, language: str) -> tuple[str, ...]:
    """What a stored word can be found by beside its folded form."""
    forms = [word] if not word.isascii() else []
    if language:
        root = _stem(word, language)
        if root != word:
            forms += [root] if root.isascii() else [root, folded(root)]
    return tuple(forms)


def _joined(text: str) -> Iterator[str]:
    for parted in _PARTED.findall(text):
        joined = "".join(words(parted))
        if len(joined) <= LONGEST_WORD and not joined.isdigit():
            yield joined
            if not joined.isascii():
                yield folded(joined)


def _spelt_out(text: str) -> Iterator[str]:
    """Words with umlauts as those without such keys write them: mueller, malmoe."""
    for word in _WORD.findall(text.casefold()):
        spelt = word.translate(_SPELT_OUT)
        if spelt != word:
            yield fold(spelt)[:LONGEST_WORD]


def stems_of(word: str) -> tuple[str, ...]:
    """The stems that a word of a question may have, in any language, other than the word itself."""
    return tuple(dict.fromkeys(root for language in LANGUAGES if (root := stem(word, language)) != word))


def flattened(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """(language tag, text) pairs of *texts*, each text once."""
    return list({text: (tag, text) for tag, text in texts.items() if text}.values())
