"""What a deployment chooses: every name that is read from the environment, once, with its default and its meaning.

`.env.example` and the table in docs/operations.md are written from this list: `python -m config.environment` writes
both anew, and a test compares them.
"""

import os
import re
import secrets
import textwrap
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from registry.ledger.verify_export import verifier_key

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Variable:
    """One name. `local` is the default on a person's own machine where that differs, `example` only a picture."""

    name: str
    meaning: str
    default: str = ""
    local: str | None = None
    required: bool = False
    example: str = ""


GROUPS: dict[str, tuple[Variable, ...]] = {
    "Secrets": (
        Variable(
            "SECRET_KEY",
            "At least 50 random characters (openssl rand -base64 48), never changed lightly: a new one ends every "
            "session.",
            required=True,
        ),
        Variable(
            "API_KEY_PEPPER",
            "Another one, made the same way: a new one makes every API key and every webhook's secret useless.",
            required=True,
        ),
    ),
    "Addresses": (
        Variable(
            "ALLOWED_HOSTS",
            "The names under which the registry is reached, separated by commas.",
            local="localhost,127.0.0.1,[::1]",
            required=True,
        ),
        Variable(
            "CSRF_TRUSTED_ORIGINS",
            "The same names with https://, where a proxy does not pass on the host that the browser asked.",
        ),
        Variable(
            "HTTPS",
            "1: plain HTTP is sent on to HTTPS, cookies travel over HTTPS only, browsers are told to remember it. "
            "0 when only a trusted network reaches the registry without TLS.",
            default="1",
            local="0",
        ),
        Variable(
            "BEHIND_PROXY",
            "1 when a proxy in front sets X-Forwarded-Proto itself (and removes what clients send).",
            default="0",
        ),
        Variable(
            "TRUSTED_PROXIES",
            "How many proxies of yours a request passes, each adding to X-Forwarded-For: the client's address is "
            "found past them. 0: whoever connects is the client.",
            default="0",
        ),
    ),
    "Logging in": (
        Variable("SESSION_IDLE_MINUTES", "A session ends this long after its last page.", default="60"),
        Variable("SESSION_HOURS", "A session ends this long after its log-in, used or not.", default="12"),
        Variable(
            "LOGIN_FAILURES",
            "Wrong passwords for one name from one address after which that name waits at that address.",
            default="5",
        ),
        Variable("LOGIN_LOCK_MINUTES", "How long it waits.", default="15"),
    ),
    "Data": (
        Variable(
            "DATABASE_URL",
            "PostgreSQL 15 or later. Without it: an SQLite file in VAR_DIR.",
            example="postgresql://USER:PASSWORD@HOST:5432/NAME",
        ),
        Variable("CONN_MAX_AGE", "Seconds a database connection is kept between requests.", default="60"),
        Variable(
            "VAR_DIR",
            "Where SQLite's file and the collected static files are kept; without it: var/ beside manage.py.",
            example="/var/lib/registry",
        ),
    ),
    "Backups": (
        Variable(
            "BACKUP_DIR",
            "Where `backup` puts its folders, better on another disk; without it: backups/ in VAR_DIR.",
            example="/srv/backups/registry",
        ),
    ),
    "Proof": (
        Variable(
            "CHECKPOINT_KEY_FILE",
            "The Ed25519 private key (PEM) that signs checkpoints of the ledger; `manage.py checkpoint --new-key` "
            "makes it. Keep it away from the database and its backups.",
            example="/etc/registry/checkpoint_key.pem",
        ),
        Variable(
            "CHECKPOINT_ORIGIN",
            "The name in every checkpoint, without spaces or +.",
            default="hai-phong-registry",
        ),
        Variable(
            "CHECKPOINT_VERIFIER_KEYS",
            "Verifier keys of former checkpoints, separated by commas (`manage.py checkpoint --key` prints today's).",
        ),
    ),
    "What the registry does": (
        Variable("ANONYMOUS_READING", "1 lets everybody read the API without a key.", default="0"),
        Variable(
            "REQUESTS_PER_MINUTE",
            "How much a key may ask of the API, unless its partner has a limit of its own; 0: no limit.",
            default="600",
        ),
        Variable(
            "ANONYMOUS_REQUESTS_PER_MINUTE",
            "The same without a key, or with one that does not fit, for each address; 0: no limit.",
            default="60",
        ),
        Variable(
            "CORS_ORIGINS",
            "Origins of web pages whose scripts may read the API in a browser, separated by commas; none without it.",
            example="https://map.example",
        ),
        Variable(
            "PUBLIC_URL",
            "How partners reach the registry: the beginning of the addresses that webhooks carry. Without it: the "
            "first of ALLOWED_HOSTS that is one name; required where there is only a .domain.",
            local="http://localhost:8000",
            example="https://registry.example",
        ),
        Variable(
            "WEBHOOK_PRIVATE_TARGETS",
            "1 lets webhooks be sent to private addresses and over plain HTTP: for tests and closed networks only.",
            default="0",
        ),
        Variable(
            "PUBLISHING_OFFICE",
            "The office that approves, as the public history names it: readers learn no names of persons.",
            default="Sở Công Thương thành phố Hải Phòng",
        ),
        Variable(
            "TWO_PERSON_KINDS",
            "Kinds besides decisions whose publication needs a second person, for example: cluster,investor",
        ),
    ),
    "E-mail": (
        Variable(
            "EMAIL_HOST",
            "The mail server, by STARTTLS; without it the registry sends no mail.",
            example="mail.example",
        ),
        Variable("EMAIL_PORT", "Its port.", default="587"),
        Variable(
            "EMAIL_TLS", "0 only when the mail server is on this machine and speaks no TLS.", default="1"
        ),
        Variable("EMAIL_USER", "The account there, if it wants one.", example="registry"),
        Variable("EMAIL_PASSWORD", "The password of that account."),
        Variable("EMAIL_FROM", "Who the mail is from.", example="registry@office.example"),
        Variable(
            "NOTICE_TO",
            "Who is told that a webhook was stopped because its receiver failed, separated by commas.",
            example="lan@office.example,hung@office.example",
        ),
    ),
    "Watching it": (
        Variable("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", default="INFO"),
        Variable("LOG_JSON", "1: a JSON object a line; 0: lines for people.", default="1", local="0"),
        Variable("LOG_REQUESTS", "1: a line for each request, without its query.", default="1", local="0"),
        Variable(
            "METRICS_TOKEN",
            "Opens /metrics for Prometheus to who sends it: Authorization: Bearer …; 16 or more characters, closed "
            "without it.",
        ),
        Variable(
            "METRICS_ADDRESSES",
            "Opens /metrics to these addresses or networks, separated by commas, without a token.",
            example="10.0.0.5,10.1.0.0/16",
        ),
        Variable(
            "LOCAL",
            "1 on a person's own machine only: plain HTTP, secrets made by themselves. Deployments leave it 0.",
            default="0",
        ),
    ),
}
VARIABLES = {variable.name: variable for group in GROUPS.values() for variable in group}

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str) -> str:
    """The value of that name, else its default. A name that is not in the list above is a KeyError."""
    variable = VARIABLES[name]
    chosen = os.environ.get(name)
    if chosen is not None:
        return chosen.strip()
    return variable.local if variable.local is not None and name != "LOCAL" and LOCAL else variable.default


def flag(name: str) -> bool:
    value = text(name).lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0. See .env.example.")
    return value in YES


def number(name: str, least: int = 0) -> int:
    """A whole number, that or more."""
    value = text(name)
    if not (value.isascii() and value.isdecimal()) or int(value) < least:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write a whole number from {least}. See .env.example."
        )
    return int(value)


def names(name: str) -> list[str]:
    """The parts between commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks between commas, none of them the whole world."""
    try:
        found = [ip_network(item, strict=False) for item in names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. See .env.example.") from error
    if any(network.prefixlen == 0 for network in found):
        raise ImproperlyConfigured(f"{name} holds every address there is: name yours. See .env.example.")
    return found


def hosts(name: str) -> list[str]:
    """Names of hosts; not every name, except on a person's own machine."""
    found = names(name)
    if "*" in found and not LOCAL:
        raise ImproperlyConfigured(
            f"{name} is '*': name the hosts, or links could be forged. See .env.example."
        )
    return found


def address_of_site(name: str, *, hosts: list[str], https: bool) -> str:
    """The address that is set, or that of the first host that is one name and not all below it (`.example.vn`)."""
    if found := address(name):
        return found
    plain = [host for host in hosts or ["localhost"] if not host.startswith((".", "*"))]
    if not plain and not LOCAL:
        raise ImproperlyConfigured(
            f"{name} is not set, and ALLOWED_HOSTS has no name to take instead: write https://HOST. See .env.example."
        )
    return f"{'https' if https else 'http'}://{[*plain, 'localhost'][0]}"


def address(name: str) -> str:
    """The http(s) address of a site without the / at its end; "" when there is none."""
    value = text(name)
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises for a port that is none
        sound = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        sound = False
    if value and (not sound or parts.query or parts.fragment or re.search(r"\s", value)):
        raise ImproperlyConfigured(f"{name} is {value!r}: write https://HOST. See .env.example.")
    return value.rstrip("/")


def token(name: str) -> str:
    """A secret that somebody sends along; "" when there is none."""
    value = text(name)
    if value and not re.fullmatch(r"[!-~]{16,}", value):
        raise ImproperlyConfigured(
            f"{name} is too easily guessed: write 16 or more plain characters (openssl rand -hex 24), or none."
        )
    return value


def note_name(name: str) -> str:
    """A name that a signed note can carry."""
    value = text(name)
    if not re.fullmatch(r"[^\s+]+", value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write a name without spaces or +. See .env.example."
        )
    return value


def verifier_keys(name: str) -> list[str]:
    """Keys as signed notes write them, between commas."""
    try:
        for key in names(name):
            verifier_key(key)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: a key is not NAME+ID+KEY. See .env.example. {error}") from error
    return names(name)


def secret(name: str) -> str:
    """The secret of that name from the environment; on a person's own machine made once in var/."""
    if value := text(name):
        if len(value) < 32 and not LOCAL:
            raise ImproperlyConfigured(
                f"{name} is too short: openssl rand -base64 48 makes one. See .env.example."
            )
        return value
    if not LOCAL:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example.")
    path = VAR_DIR / f"{name.lower()}.txt"
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


LOCAL = flag("LOCAL")
VAR_DIR = Path(text("VAR_DIR") or BASE_DIR / "var")


def example() -> str:
    """The text of .env.example."""
    head = (
        "What a deployment chooses. The registry reads the environment; this file is a list to copy from, for "
        "example into systemd's EnvironmentFile. `make run` and `make test` need none of it. Written from "
        "config/environment.py."
    )
    lines = _comment(head)
    for title, group in GROUPS.items():
        lines += ["", f"# -- {title} --"]
        for variable in group:
            lines += _comment(variable.meaning)
            if variable.example:
                lines.append(f"# {variable.name}={variable.example}")
            else:
                lines.append(f"{variable.name}={variable.default}")
    return "\n".join(lines) + "\n"


def table() -> str:
    """The table of docs/operations.md."""
    lines = ["| name | default | meaning |", "|---|---|---|"]
    for title, group in GROUPS.items():
        lines.append(f"| **{title}** | | |")
        for variable in group:
            default = f"`{variable.default}`" if variable.default else ""
            shown = "**required**" if variable.required else default
            lines.append(f"| `{variable.name}` | {shown} | {variable.meaning} |")
    return "\n".join(lines) + "\n"


def between_marks(page: str) -> str:
    """The page with the table as it should be between its two marks."""
    before, _, rest = page.partition("<!-- settings -->\n")
    _, _, after = rest.partition("<!-- /settings -->\n")
    return f"{before}<!-- settings -->\n{table()}<!-- /settings -->\n{after}"


def _comment(words: str) -> list[str]:
    return textwrap.wrap(words, 115, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def write() -> None:
    (BASE_DIR / ".env.example").write_text(example(), encoding="utf-8")
    page = BASE_DIR / "docs" / "operations.md"
    page.write_text(between_marks(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
