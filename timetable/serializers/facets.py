from rest_framework import serializers


class FacetSerializer(serializers.Serializer):
    """A value, and how many lectures have it."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class CreditFacetSerializer(FacetSerializer):
    """A credit, and how many lectures have it."""

    value = serializers.FloatField()  # type: ignore[assignment]


class GradeYearFacetSerializer(FacetSerializer):
    """A year of study, and how many lectures are meant for it."""

    value = serializers.IntegerField()  # type: ignore[assignment]


class FacetsSerializer(serializers.Serializer):
    """What the lectures of a semester can be filtered by. Cancelled ones do not count."""

    departments = FacetSerializer(many=True)
    categories = FacetSerializer(many=True)
    areas = FacetSerializer(many=True)
    campuses = FacetSerializer(many=True)
    credits = CreditFacetSerializer(many=True)
    grade_years = GradeYearFacetSerializer(many=True)
