"""What Django's test client does over and over, done once: it answers most of what the tests ask.

Each client would load the middleware anew, as a server does once; and of each template that is rendered, also of the
thousand small ones that the fields of a form are made of, a copy of its context would be kept.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

#: Settings that are read at each request. Whatever else a test sets, middleware may read when it is loaded.
READ_AT_EACH_REQUEST = {"ANONYMOUS_READING", "REQUESTS_PER_MINUTE", "ANONYMOUS_REQUESTS_PER_MINUTE"}
#: No test asks for the contexts of these.
FIELDS = "django/forms/"


@pytest.fixture(scope="session", autouse=True)
def _middleware_is_loaded_once(django_test_environment: None) -> Iterator[None]:
    from django.test.client import ClientHandler

    started: list[ClientHandler] = []

    def load_middleware(self: ClientHandler) -> None:
        if not as_started():
            load(self)
            return
        if not started:
            started.append(ClientHandler())
            load(started[0])
        self._middleware_chain = started[0]._middleware_chain

    load = ClientHandler.load_middleware
    ClientHandler.load_middleware = load_middleware  # type: ignore[method-assign]
    yield
    ClientHandler.load_middleware = load  # type: ignore[method-assign]


def as_started() -> bool:
    """Whether nothing is set otherwise than when the tests began, as far as middleware reads it when it is loaded."""
    from django.conf import UserSettingsHolder, settings

    holder = settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        chosen = {name for name in vars(holder) if name.isupper() and name != "SETTINGS_MODULE"}
        if not chosen <= READ_AT_EACH_REQUEST:
            return False
        holder = holder.default_settings
    return not logging.getLogger("registry.requests").isEnabledFor(logging.INFO)


@pytest.fixture(scope="session", autouse=True)
def _contexts_are_kept_of_pages(django_test_environment: None) -> Iterator[None]:
    from django.template.base import Template
    from django.test.signals import template_rendered

    def render(self: Template, context: Any) -> Any:
        if not (self.name or "").startswith(FIELDS):
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    told = Template._render
    Template._render = render  # type: ignore[method-assign]
    yield
    Template._render = told  # type: ignore[method-assign]
