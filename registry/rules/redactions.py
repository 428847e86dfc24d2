"""Taking words out of a text, also where the text is JSON, so that everything else stays letter for letter."""

import json
import re
from collections.abc import Iterable, Mapping

#: A string of JSON, and whether it is the name of a member.
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?')
#: How every mark begins.
ERASED = "[đã xóa theo luật "
#: Fewer letters would be found everywhere.
SHORTEST = 3


def mark_of(number: int) -> str:
    """What stands in the place of words that were erased. Short: it has to fit where a name was."""
    return f"{ERASED}{number}]"


def without(text: str, instead: Mapping[str, str]) -> str:
    """The text with each of those words replaced, the longest first.

    Of JSON only the values that are strings, JSON within them too; names, numbers and every other byte stay.
    """
    if text[:1] in ("{", "[") and _is_json(text):
        return _STRING.sub(lambda match: _string_without(match, instead), text)
    for words in sorted(instead, key=len, reverse=True):
        text = text.replace(words, instead[words])
    return text


def _string_without(match: re.Match[str], instead: Mapping[str, str]) -> str:
    if match.group(2):
        return match.group(0)
    said: str = json.loads(match.group(1))
    left = without(said, instead)
    return match.group(0) if left == said else json.dumps(left, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def spellings(words: Iterable[str]) -> set[str]:
    """How the words may stand in a column: as they are, in JSON, and in JSON within JSON."""
    found = set()
    for spelt in words:
        for _ in range(3):
            found.add(spelt)
            spelt = json.dumps(spelt, ensure_ascii=False)[1:-1]
    return found
