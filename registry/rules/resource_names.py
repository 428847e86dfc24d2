"""How readers call each kind of record: in addresses, in the change feed, in what webhooks say."""

NAMES = {
    "cluster": "clusters",
    "decision": "decisions",
    "investor": "investors",
    "place": "places",
    "authority": "authorities",
    "source": "sources",
    "legal_instrument": "legal-instruments",
    "zone": "zones",
    "sector": "sectors",
    "project": "projects",
    "indicator": "indicators",
    "incentive": "incentives",
    "assignment": "assignments",
}
KINDS = {name: kind for kind, name in NAMES.items()}
