"""No index of ours is there twice: each costs something at every row that is written."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from studyhub.core.migration_operations import WithoutOwnIndex
from studyhub.records.models import Record
from tests import migration_locks

pytestmark = pytest.mark.django_db

# By table and columns, why an index stays that another begins with. On PostgreSQL Django makes a
# second one beside each unique text, for ``LIKE 'x%'``.
ASKED_BY_HOW_IT_BEGINS = {"learning_studyplan(slug)", "people_branch(path)"}
FEW_ROWS = {
    "content_pronunciation(term)",
    "content_proofrule(key)",
    "sandbox_app(app_id)",
    "sandbox_article(article_id)",
    "sandbox_draft(media_id)",
    "sandbox_filmpost(post_id)",
    "sandbox_filmupload(token)",
    "sandbox_material(media_id)",
    "sandbox_token(value)",
    "setup_upgrade(version)",
    "studyhub_channels_channelaccount(key)",
    "studyhub_core_heartbeat(name)",
}
# Made by Django itself, staff alone have rows in them.
THROUGH_TABLES = {
    "content_reviewtask_groups(reviewtask_id)",
    "people_user_groups(user_id)",
    "people_user_user_permissions(user_id)",
}

_POSTGRESQL = """
    SELECT x.indexrelid::regclass::text, x.indisunique,
        array(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(number, place)
              JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
              ORDER BY k.place)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
    WHERE x.indrelid = %s::regclass AND m.amname = 'btree'
        AND x.indpred IS NULL AND x.indexprs IS NULL
"""
_SQLITE = """
    SELECT i.name, i."unique", group_concat(c.name)
    FROM pragma_index_list(%s) i, pragma_index_info(i.name) c
    WHERE NOT i.partial GROUP BY i.name ORDER BY i.name, c.seqno
"""


def our_tables():
    ours = [m for m in apps.get_models() if m.__module__.startswith(("studyhub.", "content."))]
    through = (f.remote_field.through for m in ours for f in m._meta.local_many_to_many)
    return sorted({model._meta.db_table for model in (*ours, *through)})


def whole_indexes(table):
    """Name, uniqueness and columns of those that hold every row by its columns."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [table])
            return cursor.fetchall()
        cursor.execute(_SQLITE, [table])
        return [(name, unique, (told or "").split(",")) for name, unique, told in cursor.fetchall()]


def redundant():
    for table in our_tables():
        indexes = whole_indexes(table)
        for name, unique, columns in indexes:
            others = (other for other, _, more in indexes if more[: len(columns)] == columns)
            if not unique and any(other != name for other in others):
                yield f"{table}({', '.join(columns)})"


def test_no_index_begins_another():
    kept = ASKED_BY_HOW_IT_BEGINS | FEW_ROWS | THROUGH_TABLES
    expected = kept if connection.vendor == "postgresql" else THROUGH_TABLES
    assert sorted(redundant()) == sorted(expected)


@pytest.mark.parametrize("table", ["records_record", "learning_progress"])
def test_rows_of_a_member_are_found_without_an_index_of_their_own(table):
    begins = [columns[0] for _, _, columns in whole_indexes(table)]
    assert "member_id" in begins


def test_an_index_is_dropped_and_nothing_else_is_done():
    """No key is made anew, for which a large table would be locked while it is gone through."""
    server, state = migration_locks.loader().connection, ProjectState.from_apps(apps)
    member = Record._meta.get_field("member").clone()
    with server.schema_editor(collect_sql=True, atomic=False) as editor:
        editor._constraint_names = lambda *told, **more: ["one_of_two"]
        WithoutOwnIndex("record", "member", member).database_forwards(
            "records", editor, state, state
        )
    assert editor.collected_sql == ['DROP INDEX IF EXISTS "one_of_two";']
