"""How PostgreSQL keeps what is long."""

import pytest
from django.db import connection

from registry.models import EDITIONS, Statement


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compresses nothing")
@pytest.mark.django_db
def test_answers_and_contents_are_compressed_by_lz4() -> None:
    long = {(model._meta.db_table, "body") for model in EDITIONS.values()} | {
        (Statement._meta.db_table, "content")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attcompression = 'l' AND attnum > 0"
        )
        assert set(cursor.fetchall()) == long
