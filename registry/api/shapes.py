"""Shapes that several kinds of body share. They describe stored JSON for the schema and never make any."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.rules import codes
from registry.rules.codes import CodeList


def code(
    code_list: CodeList, about: str = "", *, allow_null: bool = False
) -> serializers.Field[Any, Any, Any, Any]:
    """A code of a list (docs/api/codes.md). Lists can grow: pass over a code you do not know."""

    @extend_schema_field(
        {
            "type": "string",
            "enum": [*code_list, *([None] if allow_null else [])],
            "description": about or code_list.about,
        }
    )
    class Code(serializers.CharField):
        pass

    return Code(allow_null=allow_null)


def text(about: str = "", *, allow_null: bool = False) -> serializers.CharField:
    return serializers.CharField(help_text=about, allow_null=allow_null)


def day(about: str = "", *, allow_null: bool = True) -> serializers.DateField:
    return serializers.DateField(help_text=about, allow_null=allow_null)


def number(about: str = "", *, allow_null: bool = True) -> serializers.FloatField:
    return serializers.FloatField(help_text=about, allow_null=allow_null)


class Label(serializers.Serializer[Any]):
    """What a code means, in both languages."""

    vi = text()
    en = text()


class Named(serializers.Serializer[Any]):
    """Another record. Both null while it is not published."""

    code = text("The record's code.", allow_null=True)
    name = text(allow_null=True)


class Numbered(serializers.Serializer[Any]):
    """A paper. Both null while it is not published; the number is also null while it is unknown."""

    id = text("The record's code.", allow_null=True)
    number = text(allow_null=True)


class LegalBasis(Numbered):
    """A legal instrument. All null while it is not published; one without a number goes by its title."""

    title = text(allow_null=True)


class PlaceLabel(serializers.Serializer[Any]):
    """An administrative unit. All null while it is not published."""

    id = text("The record's code.", allow_null=True)
    name = text(allow_null=True)
    kind = code(codes.PLACE_KIND, allow_null=True)


class PlaceExtent(PlaceLabel):
    """A unit that took over from another, and how much of it."""

    extent = code(codes.SUCCESSION_EXTENT)


class Place(PlaceLabel):
    """A unit as the papers name it, what it belonged to, and what stands there on the day (empty: not known)."""

    within = PlaceLabel(allow_null=True)
    today = PlaceExtent(many=True)


class SourceLabel(serializers.Serializer[Any]):
    id = text("The source document's code.", allow_null=True)
    title = text(allow_null=True)


class Cited(serializers.Serializer[Any]):
    """Where a value is stated: document, place in it, and the value as it stands there."""

    source = SourceLabel()
    locator = text("Paragraph or page.")
    field = text("Which field; `effects.1.area_ha` is the area in the effect at position 1.")
    as_stated = text("The value in the document's own words.")
    agrees = serializers.BooleanField(
        help_text="true: supports our value; false: a rival figure; null: cannot be compared by machine.",
        allow_null=True,
    )


def unsourced() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(),
        help_text="Paths of the values that neither a citation nor a decision that was checked states; "
        "`capital.2.as_of` is of the row at position 2.",
    )


class Lost(serializers.Serializer[Any]):
    """What a restore lost: everything numbered above these two and up to `upto`, said between these two moments."""

    after_announcement = serializers.IntegerField(help_text="The last announcement that was kept.")
    after_publication = serializers.IntegerField(help_text="The last publication (known_seq) that was kept.")
    upto = serializers.IntegerField(help_text="The last lost number of both; those that follow are new.")
    known_until = serializers.DateTimeField(
        help_text="What was published by then is kept: at most a minute before the backup was made."
    )
    restored_at = serializers.DateTimeField(help_text="When it was restored.")


class Problem(serializers.Serializer[Any]):
    """A refusal (RFC 9457). `code` is stable; the sentences may be worded better."""

    type = text("Address of the explanation of the code.")
    title = text("What kind of refusal, in Vietnamese.")
    status = serializers.IntegerField()
    code = text()
    detail = text("What is wrong and what to do, in Vietnamese.")
    detail_en = text("The same in English.")
    note = serializers.CharField(
        required=False, allow_null=True, help_text="410 only: the public note on the withdrawal."
    )
    lost = Lost(required=False, help_text="position_lost and known_lost only: what the restore lost.")
    begin = serializers.URLField(required=False, help_text="position_lost only: where to begin again.")
