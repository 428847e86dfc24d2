"""What a browser would send: the fields of a page's form as they stand."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Form(HTMLParser):
    """The fields of the form that posts and holds the named button, or of the first that posts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.fields: dict[str, list[str]] | None = None
        self.select = self.textarea = ""
        self.options: list[tuple[str, bool]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        name, value = have.get("name") or "", have.get("value") or ""
        if tag == "form" and have.get("method") == "post" and "logout" not in (have.get("id") or ""):
            self.fields = {}
            self.forms.append(self.fields)
        if self.fields is None or "disabled" in have:
            return
        if tag == "input" and name and have.get("type") not in ("submit", "button", "file"):
            if have.get("type") not in ("checkbox", "radio") or "checked" in have:
                self.fields.setdefault(name, []).append(
                    value or ("on" if have.get("type") == "checkbox" else "")
                )
        elif tag == "select" and name:
            self.select, self.options, self.multiple = name, [], "multiple" in have
        elif tag == "option" and self.select:
            self.options.append((value, "selected" in have))
        elif tag == "textarea" and name:
            self.textarea, self.text = name, []

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None
        elif tag == "textarea" and self.textarea and self.fields is not None:
            self.fields.setdefault(self.textarea, []).append("".join(self.text).removeprefix("\n"))
            self.textarea = ""
        elif tag == "select" and self.select and self.fields is not None:
            chosen = [value for value, selected in self.options if selected]
            if not chosen and self.options and not self.multiple:
                chosen = [self.options[0][0]]
            self.fields.setdefault(self.select, []).extend(chosen)
            self.select = ""


def fields_of(response: HttpResponse) -> dict[str, list[str]]:
    """The fields of the page's own form, without the template rows of inlines."""
    parser = _Form()
    parser.feed(response.content.decode())
    assert parser.forms, "the page has no form"
    fields = max(parser.forms, key=len)
    return {name: values for name, values in fields.items() if "__prefix__" not in name}


def fill(client: Client, address: str, **typed: Any) -> HttpResponse:
    """Open the page, type, send."""
    page = client.get(address)
    assert page.status_code == 200, (page.status_code, page.get("Location"))
    return send(client, address, fields_of(page), **typed)


def send(client: Client, address: str, fields: dict[str, Any], **typed: Any) -> HttpResponse:
    return client.post(
        address, {**fields, **{name.replace("__", "-"): value for name, value in typed.items()}}
    )


def text_of(response: HttpResponse) -> str:
    """The page's text, spaces folded."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(response.content.decode())
    return " ".join(" ".join(words).split())


def said(response: HttpResponse) -> list[str]:
    """The messages that the next page shows."""
    return [str(message) for message in response.wsgi_request._messages]  # type: ignore[attr-defined]
