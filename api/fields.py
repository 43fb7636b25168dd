"""Model fields that more than one app needs."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.lookups import IContains

from api.text import fold


class FoldedKeyField(models.CharField):
    """A name in its folded form (`api.text.fold`), compared byte by byte on every database.

    `source` names the attribute it is folded from whenever the row is saved; None stays NULL. Values
    in look-ups are folded too, so `filter(nickname_key="Ａbc")` finds `abc`.
    """

    # MySQL's and MariaDB's default collations take 😀 for 🍕 and `café` for `cafe`; the binary ones
    # that do not ignore trailing spaces have a name of their own on each.
    MARIADB_COLLATION = "utf8mb4_nopad_bin"
    MYSQL_COLLATION = "utf8mb4_0900_bin"

    def __init__(self, *args: Any, source: str | None = None, **kwargs: Any) -> None:
        self.source = source
        if source:
            kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.source:
            kwargs["source"] = self.source
        return name, path, args, kwargs

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            mariadb = connection.mysql_is_mariadb
            parameters["collation"] = self.MARIADB_COLLATION if mariadb else self.MYSQL_COLLATION
        return parameters

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else fold(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if self.source is None:
            return super().pre_save(model_instance, add)
        value = getattr(model_instance, self.source)
        value = None if value is None else fold(value)
        setattr(model_instance, self.attname, value)
        return value


@FoldedKeyField.register_lookup
class FoldedContains(IContains):
    """`icontains` of the folded value. Django's own takes the value as it is typed."""

    prepare_rhs = True


class DerivedIntegerField(models.BigIntegerField):
    """A whole number, or NULL, that follows from other columns: `derive(row)`, whenever the column is saved.

    Whoever saves what it follows from names it in `update_fields` as well. `update()` derives nothing.
    """

    def __init__(self, *args: Any, derive: Callable[[Any], int | None], **kwargs: Any) -> None:
        self.derive = derive
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"derive": self.derive}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value
