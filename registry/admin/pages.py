"""Every page of the admin: importing this registers them. (The package itself is imported before its site exists.)"""

from registry.admin import (
    api_keys,
    authorities,
    clusters,
    decisions,
    investors,
    legal_instruments,
    places,
    sources,
    users,
)

__all__ = [
    "api_keys",
    "authorities",
    "clusters",
    "decisions",
    "investors",
    "legal_instruments",
    "places",
    "sources",
    "users",
]
