"""Every page of the admin: importing this registers them. (The package itself is imported before its site exists.)"""

from registry.admin import (
    api_keys,
    assignments,
    authorities,
    clusters,
    decisions,
    incentives,
    indicators,
    investors,
    legal_instruments,
    partners,
    places,
    projects,
    sectors,
    sources,
    users,
    zones,
)

__all__ = [
    "api_keys",
    "assignments",
    "authorities",
    "clusters",
    "decisions",
    "incentives",
    "indicators",
    "investors",
    "legal_instruments",
    "partners",
    "places",
    "projects",
    "sectors",
    "sources",
    "users",
    "zones",
]
