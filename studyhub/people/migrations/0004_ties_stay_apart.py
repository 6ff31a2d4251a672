"""No two ties of one kind share a day (decision 0017).

Takes away: in a database that has such ties already, what was entered later holds. An earlier one
ends the day before, goes on the day after, and goes where no day is left to it: its days are told
by the later one. An office that ended before it began was held on no day, and goes as well.
"""

from datetime import date, timedelta

from django.db import migrations, models

DAY = timedelta(days=1)
APART_BY = {
    "BranchMembership": ("member_id", "kind"),
    "GroupMembership": ("member_id", "group_id"),
    "Duty": ("user_id", "kind", "group_id", "branch_id"),
}
# Ranges of one number need no extension of PostgreSQL to be compared, so any owner may migrate.
RULES = [
    ("branchmembership", "home", ("member_id",)),
    ("branchmembership", "host", ("member_id",)),
    ("groupmembership", "", ("member_id", "group_id")),
    ("duty", "leader", ("user_id", "group_id")),
    ("duty", "liaison", ("user_id", "group_id")),
    ("duty", "orgadmin", ("user_id", "branch_id")),
]
# A row that was just deleted for ending before it began is still looked at.
DAYS = (
    "CASE WHEN ends_on < starts_on THEN 'empty'::daterange"
    " ELSE daterange(starts_on, ends_on, '[]') END"
)


def paint(ties):
    """Segments (first day, last day, tie) without a common day; a later tie covers an earlier one.

    ``ties`` come in the order in which they were entered.
    """
    segments = []
    for tie in ties:
        first, last = tie.starts_on, tie.ends_on or date.max
        kept = []
        for begin, end, other in segments:
            if begin < first:
                kept.append((begin, min(end, first - DAY), other))
            if end > last:
                kept.append((max(begin, last + DAY), end, other))
        segments = [*kept, (first, last, tie)]
    return sorted(segments, key=lambda segment: segment[0])


def write(tie, segments):
    """The first segment stays in the row, others get rows of their own; without one it goes."""
    if not segments:
        tie.delete()
    for number, (first, last) in enumerate(segments):
        tie.pk = tie.pk if number == 0 else None
        tie.starts_on, tie.ends_on = first, None if last == date.max else last
        tie.save(force_insert=number > 0)


def set_apart(apps, schema_editor):
    apps.get_model("people", "Duty").objects.filter(ends_on__lt=models.F("starts_on")).delete()
    for name, key in APART_BY.items():
        rows = {}
        for tie in apps.get_model("people", name).objects.order_by("pk"):
            rows.setdefault(tuple(getattr(tie, part) for part in key), []).append(tie)
        for ties in rows.values():
            set_apart_these(ties)


def set_apart_these(ties):
    days = {tie.pk: [] for tie in ties}
    for first, last, tie in paint(ties):
        days[tie.pk].append((first, last))
    changed = [tie for tie in ties if days[tie.pk] != [(tie.starts_on, tie.ends_on or date.max)]]
    # Shortened before anything is opened again: one may be open at a time.
    for tie, segments in sorted(
        ((tie, days[tie.pk]) for tie in changed), key=lambda pair: len(pair[1])
    ):
        write(tie, segments)


def _ranges(columns):
    return ", ".join(f"int8range({column}, {column}, '[]') WITH &&" for column in columns)


def add_rules(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # What was just moved is checked at once, or the table could not be altered in this transaction.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, kind, columns in RULES:
        only = f" WHERE (kind = '{kind}')" if kind else ""
        schema_editor.execute(
            f"ALTER TABLE people_{table} ADD CONSTRAINT {_name(table, kind)} EXCLUDE USING gist"
            f" ({_ranges(columns)}, ({DAYS}) WITH &&){only}"
        )


def drop_rules(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, kind, _ in RULES:
        schema_editor.execute(f"ALTER TABLE people_{table} DROP CONSTRAINT {_name(table, kind)}")


def _name(table, kind):
    return f"people_{table}_{kind or 'all'}_stay_apart"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sign_in_tries")]

    operations = [
        migrations.RunPython(set_apart, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="people_duty_dates",
            ),
        ),
        migrations.RunPython(add_rules, drop_rules),
    ]
