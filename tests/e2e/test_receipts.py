"""Study receipts as the phone writes them: the same letters as our own writer, a QR code as others
draw it, and a leader's page that takes what was read out."""

from uuid import UUID

import pytest
import segno
from hypothesis import HealthCheck, example, given, settings

from studyhub.records.receipt_keys import key_text
from studyhub.records.receipts import Writer
from tests.e2e.conftest import sign_in
from tests.records.receipt_cases import a_case, a_plain_study, as_a_phone_holds_it
from tests.records.receipt_writer import write_receipt

KEY = b"0123456789abcdef0123456789abcdef"
LESSON = "/courses/changzheng/changzheng-huishi/"
WRITE = """async ([account, device, key, records, lesson, revision, outline]) =>
  (await window.receipt.writeReceipt(account, device, key, records, lesson, revision, outline))
    .join(' ')"""


@pytest.fixture
def script(phone):
    phone.goto("/login/")
    load = "import('/static/web/receipt_code.js').then((m) => { window.receipt = m; })"
    phone.evaluate(load)
    return phone


def as_lesson_data(outline):
    """What stands in #lesson-data."""
    if outline is None:
        return None
    quiz = outline.quiz and {
        "id": outline.quiz.id,
        "questions": [
            {
                "id": q.id,
                "kind": q.kind,
                "options": [option.id for option in q.options],
                "accepted": list(q.accepted),
            }
            for q in outline.quiz.questions
        ],
    }
    sections = [str(section.id) for section in outline.sections]
    return {"title": outline.title, "sections": sections, "quiz": quiz}


def written_by_both(script, case):
    writer, outline, lesson_key, revision, records = case
    ours = write_receipt(
        writer, KEY, records, lesson_key=lesson_key, revision=revision, outline=outline
    )
    ids = [str(writer.account_id), str(writer.device_id), key_text(KEY)]
    where = [lesson_key and str(lesson_key), revision, as_lesson_data(outline)]
    return ours, script.evaluate(WRITE, [*ids, records, *where])


def test_the_phone_and_the_server_write_the_same_letters(script):
    odd = {"kind": "lesson_finished", "seq": 1, "at": "2026-01-01T00:00:00.000Z", "data": {"": ""}}
    ids = [UUID(int=number) for number in (1, 2, 3)]
    odd_case = (Writer(*ids[:2]), None, ids[2], 0, [{"id": str(ids[0]), **odd}])
    numbered = odd | {"data": as_a_phone_holds_it({"": "", "10": "", "9": ""})}
    numbered_case = (Writer(*ids[:2]), None, ids[2], 0, [{"id": str(ids[0]), **numbered}])

    @given(a_case())
    @example(odd_case)
    @example(numbered_case)
    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    def same(case):
        ours, theirs = written_by_both(script, case)
        assert theirs == ours

    same()


def test_an_ordinary_lesson_is_written_alike_in_at_most_fourteen_groups(script):
    for seed in range(20):
        ours, theirs = written_by_both(script, a_plain_study(seed))
        assert theirs == ours
        assert len(theirs.split()) <= 14


@pytest.mark.parametrize("length", [7, 17, 20, 78, 84, 154, 271, 586, 858, 1273])
def test_the_qr_code_is_one_that_others_draw_too(script, length):
    """Lengths that fill a code to the last bit, since others fill up an empty rest in other ways;
    7, 20 and 84 leave room for a sturdier one of the same size. For one of the eight masks every
    module agrees."""
    text = ("http://127.0.0.1:8000/receipts/#" + "0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 40)[:length]
    drawn = script.evaluate(
        """async (text) => {
          const code = await (await import('/static/web/receipt.js')).encode(text);
          const places = Array.from({ length: code.size }, (_, place) => place);
          return places.map((y) => places.map((x) => (code.get(x, y) ? 1 : 0)));
        }""",
        text,
    )
    others = [segno.make_qr(text, error="l", mode="byte", mask=mask) for mask in range(8)]
    assert drawn in [[list(row) for row in one.matrix] for one in others]


def study_in_the_air(phone):
    """Records of a lesson as the queue makes them, and the receipt over them."""
    data = phone.evaluate("JSON.parse(document.getElementById('lesson-data').textContent)")
    return phone.evaluate(
        """async (outline) => {
          const me = await (await fetch('/api/v1/me')).json();
          const device = '01890000-0000-7000-8000-' + String(Date.now()).slice(-12);
          const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
          const head = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
          const options = { method: 'POST', headers: head };
          options.body = JSON.stringify({ device_id: device });
          const answer = await fetch('/api/v1/me/devices', options);
          const got = await answer.json();
          if (answer.status !== 200) throw new Error(JSON.stringify(got));
          const at = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
          const make = (seq, kind, data) => ({
            id: crypto.randomUUID(), seq, kind, at, data, device,
            lesson_id: outline.lesson, revision: outline.revision,
          });
          const records = [
            make(1, 'sections_read', { section_ids: outline.sections }),
            make(2, 'quiz_attempt', {
              quiz_id: outline.quiz.id, attempt_id: crypto.randomUUID(),
              answers: { [outline.quiz.questions[0].id]: outline.quiz.questions[0].answer },
            }),
            make(4, 'lesson_finished', {}),
            make(3, 'reflection', { text: '雪山上的红军'.repeat(20) }),
          ];
          const { outlineKey, receiptsOf, showReceipts } = await import('/static/web/receipt.js');
          const known = { [outlineKey(outline.lesson, outline.revision)]: outline };
          const items = await receiptsOf(me, device, got.receipt_key, records, known);
          const place = document.createElement('div');
          document.querySelector('main .wrap').prepend(place);
          showReceipts(place, items);
          window.upload = async () => {
            const wire = records.map((row) => Object.assign({}, row, { device: undefined }));
            const account_id = me.account_id;
            const body = JSON.stringify({ device_id: device, account_id, epoch: 1, records: wire });
            const sent = await fetch('/api/v1/me/records', { method: 'POST', headers: head, body });
            return sent.json();
          };
          return { code: items[0].code, groups: items[0].groups, scanOnly: items[0].scanOnly };
        }""",
        data,
    )


def test_what_is_read_out_on_the_telephone_is_recorded_by_the_leader(phone, desk):
    sign_in(phone, "member55", LESSON)
    phone.goto(LESSON)
    phone.wait_for_selector("#lesson-state .state")
    written = study_in_the_air(phone)
    shown = phone.locator(".receipt .groups li").all_inner_texts()
    assert shown == written["groups"]
    assert written["scanOnly"] == 1
    assert phone.locator(".receipt .qr path").count() == 1
    sign_in(desk, "leader2", "/lead/receipts/")
    desk.fill("#text", "  ".join(written["groups"]).lower())
    desk.click("main button[type=submit]")
    assert "演示学员55" in desk.inner_text("#done")
    assert "新记下 3 条" in desk.inner_text("#done")
    # Later the code is scanned as well: only the reflection is new.
    desk.goto("/receipts/#" + written["code"].replace(" ", ""))
    desk.wait_for_url("**/lead/receipts/")
    desk.click("main button[type=submit]")
    told = desk.inner_text("#done")
    assert "新记下 1 条" in told
    assert "3 条原来就有" in told
    # And at last the phone finds a network of its own.
    answer = phone.evaluate("window.upload()")
    assert [result["status"] for result in answer["results"]] == ["duplicate"] * 4
    assert answer["device"] == {"max_seq": 4, "missing": []}


def test_a_scanned_receipt_survives_the_sign_in(phone):
    """The part behind # is lost by a redirect; the tab remembers it. No address ever holds it."""
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto("/receipts/#ABCDEFGHJK")
    phone.wait_for_selector("text=凭条读到了")
    phone.click("text=我是组长或联络员")
    phone.fill("input[name=username]", "leader1")
    phone.fill("input[name=password]", "studyhub-demo")
    phone.click("main button[type=submit]")
    phone.wait_for_url("**/lead/receipts/")
    phone.wait_for_selector("text=凭条已经填好")
    assert phone.input_value("#text") == "ABCDE FGHJK"
    assert not [url for url in asked if "ABCDE" in url.partition("#")[0]]


def test_the_single_file_opens_without_network_and_without_script(browser, product, tmp_path):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, base_url=product, java_script_enabled=False
    )
    page = context.new_page()
    card = page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]
    file = tmp_path / "lesson.html"
    file.write_bytes(page.request.get(f"/api/v1/lessons/{card['id']}/pack").body())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)
    page.goto(file.as_uri())
    assert page.inner_text("h1") == card["title"]
    page.locator("details", has_text="看答案").first.locator("summary").click()
    assert page.locator("details[open] strong").first.is_visible()
    page.locator("label[for=s30]").click()
    assert page.locator("main").evaluate("e => getComputedStyle(e).fontSize") == "30px"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [address for address in asked if not address.startswith(("file:", "data:"))]
    context.close()
