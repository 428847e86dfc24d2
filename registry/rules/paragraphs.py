"""Paragraphs of a plain-text document, and whether a value stands in one."""

import re
import unicodedata


def paragraphs(text: str) -> list[str]:
    """The blocks between blank lines, in their order, each as `folded` writes it. The first is đoạn 1."""
    return [folded(block) for block in re.split(r"\n\s*\n", text) if block.strip()]


def folded(text: str) -> str:
    """NFC, every run of spaces (no-break ones too) a single plain one."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def number_of(locator: str) -> int | None:
    """6 of `đoạn 6`; None for a locator of another form."""
    match = re.fullmatch(r"đoạn (\d+)", folded(locator))
    return int(match[1]) if match else None


def stands_in(as_stated: str, paragraph: str) -> bool:
    return folded(as_stated) in paragraph
