from django.db import models

from registry.models.base import Recorded


class Owner(models.Model):
    recorded = Recorded(subject=(("owner", "id"),))

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        app_label = "migrated_app"

    def __str__(self) -> str:
        return self.name


class Thing(models.Model):
    recorded = Recorded(subject=(("owner", "owner_id"),), exclude=("sort_key",))

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.CharField(max_length=100, default="chưa có")
    sort_key = models.CharField(max_length=100, default="")

    class Meta:
        app_label = "migrated_app"

    def __str__(self) -> str:
        return self.name
