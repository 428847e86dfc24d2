"""Vietnamese text as values: one spelling to store, one to search by, one to order by."""

import re
import unicodedata
from functools import lru_cache

# Control and formatting characters (zero width, soft hyphen, byte order mark, direction marks) and halves of
# surrogate pairs: nobody sees them, no name needs them, and some no database stores.
_INVISIBLE = frozenset(("Cc", "Cf", "Cs"))
#: Letters and a sign that show nothing: the fillers of Hangul, the empty cell of Braille.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800")

# Old fonts and scanners put the Icelandic eth and the letter OI where Vietnamese has đ and ư.
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ƣ": "Ư", "ƣ": "ư"})

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SPACED_HYPHEN = re.compile(r"\s*-\s*")

#: As many characters of a word are searched.
LONGEST_WORD = 60

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: dictionary order after no tone
_LETTER_MARKS = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter


def clean_text(text: str) -> str:
    """The text as it is stored: composed (NFC), no invisible characters, single plain spaces, trimmed."""
    if not text.isprintable():  # what is invisible is not printable: nearly every text passes at once
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def unreadable(text: str) -> bool:
    """Whether it holds a control character, half a surrogate pair, or U+FFFD, which stands where bytes were no text."""
    if text.isprintable():  # nearly every text; U+FFFD is printable
        return "\ufffd" in text
    return any(c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cs") for c in text)


def is_blank(text: str) -> bool:
    """Whether nothing of it is to be seen: no letter, digit, punctuation mark or sign."""
    return not any(unicodedata.category(c)[0] in "LNPS" and c not in _EMPTY for c in text)


def mend_letters(text: str) -> str:
    """Ð and Ƣ, which no Vietnamese word holds, become the Đ and Ư that were meant."""
    return text.translate(_LOOK_ALIKES)


def plain_dashes(text: str) -> str:
    """Every dash becomes `-` without spaces around it."""
    return _SPACED_HYPHEN.sub("-", _DASHES.sub("-", text))


@lru_cache(maxsize=8192)
def search_text(text: str) -> str:
    """The text as it is searched: no diacritics, đ as d, lower case, single spaces, bare hyphens.

    What is stored and what is typed both go through here, so `le thien - dai ban` finds Lê Thiện-Đại Bản.
    """
    text = clean_text(mend_letters(text)).casefold().replace("đ", "d")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain_dashes(clean_text(text.casefold())).strip()


def search_words(text: str) -> list[str]:
    """The words and numbers of a text as they are searched, each once, cut at LONGEST_WORD: `202`, `qd`, `ubnd`."""
    found = re.findall(r"[^\W_]+", search_text(text))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found))


def slug(text: str, max_length: int = 40) -> str:
    """A code for addresses: a-z, 0-9 and single hyphens, cut after a whole word where it can be."""
    whole = re.sub(r"[^a-z0-9]+", "-", search_text(text)).strip("-")
    if len(whole) <= max_length:
        return whole
    cut = whole[: max_length + 1].rpartition("-")[0] or whole[:max_length]
    return cut.strip("-")


@lru_cache(maxsize=8192)
def sort_key(text: str) -> str:
    """A text whose code points order as the Vietnamese alphabet does (a ă â b c d đ e ê …).

    Words are compared one by one, a shorter one first; numbers by size; punctuation only parts words.
    Tones (none, huyền, hỏi, ngã, sắc, nặng), then capitals, only break ties. For a column that is
    compared byte by byte (COLLATE "C"): plain ASCII as long as the text is in Latin letters.
    """
    words, tones, capitals = [], "", ""
    for word in _words(clean_text(mend_letters(text))):
        letters = ""
        for piece in re.findall(r"\d+|\D", word):
            key, tone, capital = _number(piece) if piece.isdecimal() else _letter(piece)
            letters, tones, capitals = letters + key, tones + tone, capitals + capital
        words.append(letters)
    # The blank between the levels is below the hyphen between words, which is below every letter.
    return " ".join(("-".join(words), tones.rstrip("0"), capitals.rstrip("0"))).rstrip()


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in text).split()


def _number(digits: str) -> tuple[str, str, str]:
    plain = str(int(digits[:99]))
    return f"{len(plain):02d}{plain}", "0", "0"


def _letter(char: str) -> tuple[str, str, str]:
    marks = unicodedata.normalize("NFD", char.lower())
    tone = next((str(TONES.index(m) + 1) for m in marks if m in TONES), "0")
    kept = unicodedata.normalize(
        "NFC", "".join(m for m in marks if m in _LETTER_MARKS or not unicodedata.combining(m))
    )
    keys = [_alphabet_key(letter) for letter in kept]
    return "".join(keys), tone, "1" if char != char.lower() else "0"


def _alphabet_key(letter: str) -> str:
    place = ALPHABET.find(letter)
    return chr(ord("A") + place) if place >= 0 else letter


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, each with its closing mark; a semicolon too ends what is said at once."""
    return [part for part in re.split(r"(?<=[.;?!…])\s+", text.strip()) if part]
