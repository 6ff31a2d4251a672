"""A lesson on the page, as a member goes through it."""

from tests.e2e.phones import wait_until_sent


def study(page, item):
    """All of a planned lesson: its questions answered right, its sections read, said to be done."""
    lesson = page.request.get(f"/api/v1/lessons/{item['lesson_id']}").json()
    page.goto("/" + item["url"].split("/", 1)[1])
    for question in lesson["quiz"]["questions"]:
        answer(page, question)
    page.locator("button[name=do][value=quiz]").click()
    page.wait_for_selector("#check-note >> text=已")
    for section in lesson["sections"]:
        page.locator(f"[data-end='{section['id']}']").scroll_into_view_if_needed()
        page.wait_for_timeout(150)
    page.locator("button[name=do][value=finish]").click()
    page.wait_for_selector("#finish-note >> text=这一课学完了")
    wait_until_sent(page)
    return lesson


def answer(page, question):
    field = f"q-{question['id']}"
    value = question["answer"]
    if question["kind"] == "blank":
        page.fill(f"[name='{field}']", value)
        return
    for one in value if isinstance(value, list) else [value]:
        text = str(one).lower() if isinstance(one, bool) else one
        page.check(f"[name='{field}'][value='{text}']")
