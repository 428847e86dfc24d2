"""Anchors of the ledger for whoever wants to prove later that nobody rewrote it."""

from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from registry.api.answers import answer, digest
from registry.api.base import ApiView
from registry.api.clocks import clocks
from registry.api.operations import Operation
from registry.api.parameters import KNOWN_AT, KNOWN_SEQ, Parameter, read
from registry.api.values import whole_number
from registry.ledger.checkpoints import verifier_keys
from registry.models import LedgerCheckpoint, Publication
from registry.rules.moments import as_text

BEFORE = Parameter(
    "before",
    "Chỉ các mốc đã ký có số nhỏ hơn: số cuối của trang trước.",
    "Only signed checkpoints of a lower number: the last one of the page before.",
    {"type": "integer", "minimum": 1},
    2,
)
LIMIT = Parameter(
    "limit",
    "Nhiều nhất bao nhiêu mốc đã ký, từ 1 đến 1000; không ghi: 100.",
    "How many signed checkpoints at most, 1 to 1000; left out: 100.",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    10,
)
_number = whole_number(1, 2**63 - 1)
_limit = whole_number(1, 1000)


class SignedCheckpoint(serializers.Serializer[Any]):
    """Where the ledger stood at a moment, signed with Ed25519."""

    number = serializers.IntegerField(help_text="1, 2, 3… without gaps.")
    seq = serializers.IntegerField(help_text="The number of the ledger's last entry then.")
    at = serializers.DateTimeField(help_text="The moment of the signature.")
    note = serializers.CharField(help_text="The signed note (c2sp.org/signed-note), to be kept as it is.")


class Checkpoint(serializers.Serializer[Any]):
    """The ledger's last entry when a publication was made. All null and 0 before the first one.

    Keep it: an export of the ledger must hold an entry of that number with that hash.
    """

    seq = serializers.IntegerField(help_text="The number of the ledger's entry.")
    hash = serializers.CharField(allow_null=True, help_text="Its hash, SHA-256 in hexadecimal.")
    publication = serializers.IntegerField(help_text="The publication that notes it.")
    at = serializers.DateTimeField(allow_null=True, help_text="The moment of that publication.")
    keys = serializers.ListField(
        child=serializers.CharField(),
        help_text="NAME+ID+KEY: whoever holds their other half signs checkpoints.",
    )
    checkpoints = SignedCheckpoint(
        many=True, help_text="Newest first; with known_at or known_seq those made before that publication."
    )


class CheckpointView(ApiView):
    """Where the ledger stood at the last publication, and the signed checkpoints of every day.

    Of edits not yet published these tell how many entries there are, and nothing of what they say.
    """

    authentication_classes = []
    permission_classes = []

    def parameters(self) -> tuple[Parameter, ...]:
        return KNOWN_AT, KNOWN_SEQ, BEFORE, LIMIT

    def operation(self) -> Operation:
        return Operation(
            name="read_ledger_checkpoint",
            tag="ledger",
            vi="Mốc của sổ cái ở một lần công bố: số và mã băm của mục cuối.",
            en="The ledger's last entry at a publication: its number and hash. Needs no key.",
            serializer=Checkpoint,
            example={
                "seq": 412,
                "hash": "9f" * 32,
                "publication": 1,
                "at": "2026-08-31T02:00:00.000000Z",
                "keys": ["hai-phong-registry+d1a43092+AfSUWSS8B1JOM2ZriYE7cufaBprumaXx6qGQ+WtLxOd5"],
                "checkpoints": [
                    {
                        "number": 1,
                        "seq": 418,
                        "at": "2026-08-31T18:00:00.000000Z",
                        "note": "hai-phong-registry\n418\nzQTJm3cYd184vQeav4nFmQORhvECeEJFIFpV+wnJknk=\nnumber 1\n"
                        "at 2026-08-31T18:00:00.000000Z\nprevious -\nrows registry_publication 1\n"
                        "rows registry_statement 31\n\n— hai-phong-registry 0aQwkt6HBNBGHBj4COcs964Zc567/j11pEW/"
                        "PcbA7PnkZQDPIJZ8hST5WIj9zBfguYC2nWGbS6A32KspJy7diF+T2wM=\n",
                    }
                ],
            },
            statuses=(400,),
            public=True,
        )

    def get(self, request: Request) -> HttpResponse:
        given = self.given(request)
        at = clocks(given)
        found = Publication.objects.filter(seq=at.known_seq).values_list("ledger_seq", "ledger_hash").first()
        seq, ledger_hash = found or (0, None)
        signed = LedgerCheckpoint.objects.order_by("-number")
        if "known_at" in given or "known_seq" in given:
            signed = signed.filter(seq__lte=seq)
        if (before := read(given, "before", _number)) is not None:
            signed = signed.filter(number__lt=before)
        body = {
            "seq": seq,
            "hash": ledger_hash,
            "publication": at.known_seq,
            "at": as_text(at.known_at),
            "keys": verifier_keys(),
            "checkpoints": list(
                signed.values("number", "seq", "at", "note")[: read(given, "limit", _limit) or 100]
            ),
        }
        return answer(request, lambda: orjson.dumps(body), etag=digest(body))
