"""A registry of its own, in a process of its own: `python -m tests.publication.fresh_registry WHAT…`.

play SEED   make the tables in DATABASE_URL and play a history there
shuffle     put the rows of all derived tables, and the statements, in again in another order
rebuild     make the editions again; fails when that changes anything
digest      print what the editions hash to
"""

import json
import os
import random
import sys

import django

STEPS = 260


def main(words: list[str]) -> None:
    django.setup()
    while words:
        match words.pop(0):
            case "play":
                play(int(words.pop(0)))
            case "shuffle":
                shuffle(random.Random(7))
            case "rebuild":
                rebuild()
            case "digest":
                print(json.dumps(digest(), sort_keys=True))
            case other:
                sys.exit(f"{other}?\n{__doc__}")


def play(seed: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.publication.office import Office
    from tests.publication.test_histories import MORNING, OPERATIONS

    rng, office = random.Random(seed), Office()
    for step in MORNING:
        getattr(office, step[0])(*step[1:])
    for _ in range(STEPS):
        getattr(office, rng.choice(OPERATIONS))(*(rng.randrange(64) for _ in range(3)))
    office.publish_all(0, 0, 0)


def shuffle(rng: random.Random) -> None:
    from django.db import connection, transaction

    from registry.ledger import arming
    from registry.models import EDITIONS, Announcement, Dependency, EditionTerm, Reference, Statement

    with transaction.atomic():
        arming.disarm(connection)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE registry_statement DISABLE TRIGGER statement_joins_newest")
            else:
                cursor.execute("DROP TRIGGER statement_joins_newest")
        for model in (Statement, Reference, Dependency, Announcement):
            rows = list(model._default_manager.order_by("pk"))
            rng.shuffle(rows)
            model._default_manager.all()._raw_delete("default")
            for row in rows:
                row.pk = None if model is not Announcement else row.pk
            model._default_manager.bulk_create(rows)
        for kind, edition in EDITIONS.items():
            terms: dict[int, list[EditionTerm]] = {}
            for term in EditionTerm.objects.filter(kind=kind):
                terms.setdefault(term.edition_id, []).append(term)
            rows = list(edition.objects.order_by("pk"))
            rng.shuffle(rows)
            edition.objects.all().delete()
            for row in rows:
                mine = terms.get(row.pk, [])
                row.pk = None
                row.save(force_insert=True)
                EditionTerm.objects.filter(pk__in=[term.pk for term in mine]).update(edition_id=row.pk)


def rebuild() -> None:
    from registry.actions.editions import rebuild_editions

    if different := rebuild_editions():
        sys.exit(f"the rebuild changed {different}")


def digest() -> dict[str, object]:
    from registry.actions.editions import editions_digest
    from registry.models import Announcement, ClusterEdition, Publication

    told = Announcement.objects.order_by("seq").values_list(
        "seq", "publication_id", "kind", "subject_id", "code", "news", "first_day", "last_day"
    )
    return {
        "editions": editions_digest(),
        "announcements": [[str(value) for value in row] for row in told],
        "publications": Publication.objects.count(),
        "cluster_editions": ClusterEdition.objects.count(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(sys.argv[1:])
