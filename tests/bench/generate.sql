-- Members in groups of thirty, everybody with progress on fifty lessons, the first eight of which are
-- the demo's plan. Plain SQL: ten million objects are not made one by one.
INSERT INTO people_member (public_id, name, name_key, phone, phone_index, host_place_code, host_place_name,
  trade, return_month, language, large_type, exempt_reason, created_at)
SELECT gen_random_uuid(), '生成学员' || n, 'sheng1cheng2xue2yuan2' || n, '', '', '', '', 'other', '', 'zh-hans', false, '', now()
FROM generate_series(1, @members) n;
INSERT INTO people_studygroup (public_id, name, branch_id)
SELECT gen_random_uuid(), '生成小组' || n, (SELECT max(id) FROM people_branch)
FROM generate_series(1, @groups) n;
INSERT INTO people_groupmembership (starts_on, member_id, group_id)
SELECT date '2026-09-01', m.id, g.id
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / @size AS slot
      FROM people_member WHERE name LIKE '生成学员%') m
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS slot
      FROM people_studygroup WHERE name LIKE '生成小组%') g ON g.slot = m.slot;
INSERT INTO records_devicecursor (member_id, device_id, ranges, seen_at)
SELECT id, gen_random_uuid(), '[[1, 60]]', now() - random() * interval '40 days'
FROM people_member WHERE name LIKE '生成学员%';
CREATE TEMPORARY TABLE lesson AS
SELECT lesson_key, position AS n FROM learning_plannedlesson
UNION ALL SELECT gen_random_uuid(), 100 + n FROM generate_series(1, @others) n;
INSERT INTO learning_progress (member_id, lesson_key, sections_read, first_read, quiz_best, quiz_attempts,
  declared_at, finished_at, finished_revision, updated_at)
SELECT m.id, l.lesson_key, '["{0}", "{1}", "{2}"]', '{"{0}": 1, "{1}": 1, "{2}": 1}', 100, 1, now(),
  CASE WHEN random() < 0.6 THEN now() END, 1, now()
FROM people_member m CROSS JOIN lesson l WHERE m.name LIKE '生成学员%';
ANALYZE;
