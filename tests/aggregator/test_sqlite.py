"""The SQLite backend: many rows in one statement."""

import sqlite3

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.only_sqlite]


def inserts(context: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("INSERT") for query in context.captured_queries)


def test_five_hundred_wide_rows_are_one_statement() -> None:
    users = [User(username=f"user{number}", password="x") for number in range(500)]
    with CaptureQueriesContext(connection) as context:
        User.objects.bulk_create(users)
    assert inserts(context) == 1
    assert User.objects.count() == 500


def test_five_thousand_rows_of_one_column_are_one_statement() -> None:
    with CaptureQueriesContext(connection) as context:
        Group.objects.bulk_create([Group(name=f"group{number}") for number in range(5000)])
    assert inserts(context) == 1
    assert Group.objects.count() == 5000


def test_rows_beyond_the_limit_of_the_connection_take_as_many_statements_as_needed() -> None:
    limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    rows = limit // 10 + 1
    users = [User(username=f"user{number}", password="x") for number in range(rows)]
    with CaptureQueriesContext(connection) as context:
        User.objects.bulk_create(users)
    assert inserts(context) > 1
    assert User.objects.count() == rows


def test_the_connection_uses_wal_and_enforces_foreign_keys() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)
