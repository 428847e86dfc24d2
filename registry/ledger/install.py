"""Puts the ledger's triggers into the database and keeps them right."""


def connect() -> None:
    """Hook into Django; called once, when the app is ready."""
