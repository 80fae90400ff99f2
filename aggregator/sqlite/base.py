"""The database backend ``aggregator.sqlite``."""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base, features, operations
from django.utils.functional import cached_property

# What SQLite had before 3.32; used only where the connection cannot be asked.
OLD_LIMIT = 999


class DatabaseFeatures(features.DatabaseFeatures):
    """What this very connection allows."""

    @cached_property
    def max_query_params(self) -> int:  # type: ignore[override]
        """How many variables one statement may hold, usually 32,766."""
        self.connection.ensure_connection()
        connection = self.connection.connection
        if not isinstance(connection, sqlite3.Connection):
            return OLD_LIMIT
        return connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)


class DatabaseOperations(operations.DatabaseOperations):
    """Batches as large as the statement's variables allow."""

    def bulk_batch_size(self, fields: Any, objs: Any) -> int:
        """How many of *objs* fit one statement. ``VALUES`` lists know no limit of 500 rows; only UNION does."""
        columns = super().bulk_batch_size(fields, objs)
        if len(fields) != 1 or columns != 500:
            return columns
        return int(self.connection.features.max_query_params or OLD_LIMIT)


class DatabaseWrapper(base.DatabaseWrapper):
    """``django.db.backends.sqlite3`` with the two classes above."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
