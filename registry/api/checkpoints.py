"""An anchor of the ledger for whoever wants to prove later that nobody rewrote it."""

from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from registry.api.answers import answer, digest
from registry.api.base import ApiView
from registry.api.clocks import clocks
from registry.api.operations import Operation
from registry.api.parameters import KNOWN_AT, KNOWN_SEQ, Parameter
from registry.models import Publication
from registry.rules.moments import as_text


class Checkpoint(serializers.Serializer[Any]):
    """The ledger's last entry when a publication was made. All null and 0 before the first one.

    Keep it: an export of the ledger must hold an entry of that number with that hash.
    """

    seq = serializers.IntegerField(help_text="The number of the ledger's entry.")
    hash = serializers.CharField(allow_null=True, help_text="Its hash, SHA-256 in hexadecimal.")
    publication = serializers.IntegerField(help_text="The publication that notes it.")
    at = serializers.DateTimeField(allow_null=True, help_text="The moment of that publication.")


class CheckpointView(ApiView):
    """Where the ledger stood at the last publication. Edits made since then show nowhere outside."""

    authentication_classes = []
    permission_classes = []

    def parameters(self) -> tuple[Parameter, ...]:
        return KNOWN_AT, KNOWN_SEQ

    def operation(self) -> Operation:
        return Operation(
            name="read_ledger_checkpoint",
            tag="ledger",
            vi="Mốc của sổ cái ở một lần công bố: số và mã băm của mục cuối.",
            en="The ledger's last entry at a publication: its number and hash. Needs no key.",
            serializer=Checkpoint,
            example={"seq": 412, "hash": "9f" * 32, "publication": 1, "at": "2026-08-31T02:00:00.000000Z"},
            statuses=(400,),
            public=True,
        )

    def get(self, request: Request) -> HttpResponse:
        at = clocks(self.given(request))
        found = Publication.objects.filter(seq=at.known_seq).values_list("ledger_seq", "ledger_hash").first()
        seq, ledger_hash = found or (0, None)
        body = {"seq": seq, "hash": ledger_hash, "publication": at.known_seq, "at": as_text(at.known_at)}
        return answer(request, lambda: orjson.dumps(body), etag=digest(body))
