"""Why the registry says what it says of a cluster."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from registry.api import shapes
from registry.api.answers import answer, made_of
from registry.api.clocks import clocks
from registry.api.clusters import CLUSTERS, DECISION, ClusterSource, TimelineEntry
from registry.api.fields import fields_asked, fields_parameter, some
from registry.api.operations import Operation
from registry.api.parameters import CLOCKS, Parameter
from registry.api.records import CLOCK_HEADERS, RecordView, absent, record_path
from registry.queries.editions import edition
from registry.rules.explanations import REASON, RULE, explained, not_acting


@extend_schema_field({"description": "As the cluster's answer shows it."})
class AnyValue(serializers.JSONField):
    pass


class ExplainedValue(serializers.Serializer[Any]):
    """One value, and why it is so."""

    field = shapes.text("The member of the cluster's answer.")
    value = AnyValue()
    rule = shapes.code(RULE)
    rule_label = shapes.Label()
    decision = shapes.Numbered(allow_null=True, help_text="The decision that put it there.")
    papers = TimelineEntry(many=True, help_text="What that decision says of the cluster.")
    sources = ClusterSource(many=True, help_text="Where documents state the value.")
    unsourced = serializers.BooleanField(help_text="true: nothing states it.")


class NotActing(TimelineEntry):
    """What a paper says of the cluster and what no value follows from."""

    reason = shapes.code(REASON)
    reason_label = shapes.Label()


class Explanation(serializers.Serializer[Any]):
    """For each value of a cluster the decision, the citations and the rule."""

    valid_on = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    known_seq = serializers.IntegerField()
    code = shapes.text("The cluster's code.")
    name = shapes.text()
    values = ExplainedValue(many=True)
    not_acting = NotActing(many=True)


class ExplanationView(RecordView):
    """Made from the stored answer about the cluster: one query more than the answer itself would be too many."""

    resource = CLUSTERS

    def parameters(self) -> tuple[Parameter, ...]:
        return (*CLOCKS, fields_parameter(list(Explanation().fields)))

    def operation(self) -> Operation:
        entry = CLUSTERS.example_body["timeline"][0]
        return Operation(
            name="explain_cluster",
            tag="explain",
            vi="Vì sao sổ đăng ký nói như thế về một cụm: từng giá trị với quyết định, trích dẫn và quy tắc.",
            en="Why the registry says so of a cluster: each value with its decision, citations and rule.",
            serializer=Explanation,
            example={
                "valid_on": "2026-09-01",
                "known_at": "2026-08-31T02:00:00.000000Z",
                "known_seq": 1,
                "code": "tien-cuong-ii",
                "name": "Tiên Cường II",
                "values": [
                    {
                        "field": "legal_stage",
                        "value": "established",
                        "rule": "stage_climbs",
                        "rule_label": RULE.labels("stage_climbs"),
                        "decision": DECISION,
                        "papers": [entry],
                        "sources": [],
                        "unsourced": False,
                    }
                ],
                "not_acting": [],
            },
            statuses=(400, 404, 410),
            headers=CLOCK_HEADERS,
            path=record_path(CLUSTERS),
        )

    def get(self, request: Request, code: str) -> HttpResponse:
        given = self.given(request)
        fields = fields_asked(given, Explanation().fields)
        at = clocks(given)
        found = edition("cluster", code, known_seq=at.known_seq, valid_on=at.valid_on)
        if found is None:
            raise absent(CLUSTERS, code, at)

        def body() -> bytes:
            said = orjson.loads(found.body)
            told = {
                "valid_on": at.valid_on,
                "known_at": at.known_at_text,
                "known_seq": at.known_seq,
                "code": said["code"],
                "name": said["name"],
                "values": explained(said),
                "not_acting": not_acting(said),
            }
            return orjson.dumps(some(told, fields))

        etag = made_of(
            "explain", found.etag, at.valid_on, at.known_seq, at.known_at_text, sorted(fields or ())
        )
        return answer(request, body, etag=etag, headers=at.headers())
