"""A closed list of codes with labels in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes, in the order people expect to see them."""

    name: str
    about: str
    entries: tuple[tuple[str, str, str], ...]  # code, Vietnamese, English

    def __iter__(self) -> Iterator[str]:
        return (code for code, _, _ in self.entries)

    def __contains__(self, code: object) -> bool:
        return any(code == known for known in self)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs for a Django field: the code and its Vietnamese label."""
        return [(code, vi) for code, vi, _ in self.entries]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self)

    @property
    def max_length(self) -> int:
        """Room for the longest code."""
        return max(len(code) for code in self)

    def vi(self, code: str) -> str:
        """The Vietnamese label; the code itself when the list does not know it."""
        return self.labels(code)["vi"]

    def en(self, code: str) -> str:
        """The English label; the code itself when the list does not know it."""
        return self.labels(code)["en"]

    def labels(self, code: str) -> dict[str, str]:
        """Both labels. Never fails: a published text may hold a code that a later release dropped."""
        for known, vi, en in self.entries:
            if known == code:
                return {"vi": vi, "en": en}
        return {"vi": code, "en": code}
