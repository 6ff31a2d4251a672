"""Check the starter lessons, courses and heritage page for shape, facts and sizes.

Run inside the folder that holds ``courses.toml``.  Prints problems and exits with 1 when any
are found; notes marked "look" are only for a reader's eyes.
"""

import re
import struct
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
BANNED = ("积分", "排名", "打卡", "排行")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")
HAN = re.compile(r"[\u4e00-\u9fff]")
KEY = re.compile(r"^[a-z][a-z0-9-]*$")
CATEGORY = "revolutionary_tradition"
NEEDED: dict[str, tuple[str, ...]] = {
    "section": ("key", "heading", "text", "required"),
    "timeline": ("key", "title", "items"),
    "quotation": ("key", "text", "speaker", "source"),
    "artefact": ("key", "name", "period", "description", "holder", "question"),
    "route": ("key", "title", "note", "line", "stops"),
    "picture": ("key", "file", "alt", "caption", "source", "licence"),
    "audio": ("key", "file", "title", "voice", "seconds", "transcript"),
}
LESSON_KEYS = (
    "slug", "course", "order", "title", "summary", "minutes", "credit_hours", "category",
    "quiz_required", "pass_mark", "blocks", "quiz", "sources",
)  # fmt: skip
MAX_PICTURE = 60 * 1024
MAX_AUDIO = 200 * 1024


class Report:
    """Collects problems (must be fixed) and notes (worth a look)."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notes: list[str] = []

    def need(self, ok: object, where: str, what: str) -> None:
        """Record a problem unless ``ok`` holds."""
        if not ok:
            self.problems.append(f"{where}: {what}")

    def look(self, where: str, what: str) -> None:
        """Record something a reader should look at."""
        self.notes.append(f"{where}: {what}")


def han_count(text: str) -> int:
    """Number of Chinese characters in a text."""
    return len(HAN.findall(text))


def plain(text: str) -> str:
    """Text without bold marks."""
    return text.replace("**", "")


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG file, read from its header."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return int(width), int(height)


def check_words(report: Report, where: str, raw: str) -> None:
    """Look for banned words and careless typography in the whole file text."""
    for word in BANNED:
        report.need(word not in raw, where, f"banned word {word}")
    for hit in HALF_WIDTH.findall(raw):
        report.need(False, where, f"half-width punctuation next to a character: {hit}")
    report.need(raw.count("“") == raw.count("”"), where, "unbalanced quotation marks")
    report.need(raw.count("《") == raw.count("》"), where, "unbalanced title marks")


def check_route(report: Report, where: str, block: dict[str, Any]) -> None:
    """Check the stops of a route block."""
    report.need(block["note"].startswith("示意图，不作测绘依据"), where, "route note")
    report.need(isinstance(block["line"], bool), where, "route line is not true/false")
    report.need(2 <= len(block["stops"]) <= 10, where, "2-10 stops wanted")
    for stop in block["stops"]:
        report.need(set(stop) == {"name", "lon", "lat", "when", "text"}, where, f"stop {stop}")
        report.need(73 < stop["lon"] < 136, where, f"longitude {stop}")
        report.need(18 < stop["lat"] < 54, where, f"latitude {stop}")


def check_block(report: Report, where: str, block: dict[str, Any]) -> None:
    """Check one content block of a lesson."""
    kind = block.get("type", "")
    wanted = NEEDED.get(kind)
    if wanted is None:
        report.need(False, where, f"unknown block type {kind!r}")
        return
    report.need(set(block) == {"type", *wanted}, where, f"fields {sorted(block)}")
    report.need(KEY.match(block["key"]), where, f"key {block['key']!r}")
    if kind == "section":
        text = block["text"]
        report.need(text == text.strip("\n") + "\n" or text == text.strip(), where, "blank edge")
        report.need(text.count("**") % 2 == 0, where, f"bold marks in {block['key']}")
        report.need(not re.search(r"[<>#\[\]_`]", text), where, f"markup in {block['key']}")
    elif kind == "timeline":
        report.need(3 <= len(block["items"]) <= 7, where, "3-7 timeline items wanted")
        for item in block["items"]:
            report.need(set(item) == {"date", "text"}, where, f"timeline item {item}")
    elif kind == "artefact":
        size = len(block["description"])
        report.need(60 <= size <= 100, where, f"artefact description has {size} characters")
    elif kind == "route":
        check_route(report, where, block)
    elif kind == "picture":
        path = ROOT / block["file"]
        report.need(path.is_file(), where, f"missing {block['file']}")
        if path.is_file():
            report.need(path.stat().st_size <= MAX_PICTURE, where, f"{path.name} is too big")
            report.need(png_size(path) == (1200, 675), where, f"{path.name} has a wrong size")
    elif kind == "audio":
        size = len(block["transcript"].strip())
        report.need(60 <= size <= 110, where, f"transcript has {size} characters")
        report.need(20 <= block["seconds"] <= 45, where, f"audio of {block['seconds']} s")
        path = ROOT / block["file"]
        report.need(path.is_file(), where, f"missing {block['file']}")
        if path.is_file():
            report.need(path.stat().st_size <= MAX_AUDIO, where, f"{path.name} is too big")


def words_of(text: str) -> list[str]:
    """Split an option into the pieces that should be found in the lesson text."""
    return [w for w in re.split(r"[，。、；：（）《》“”\s]", text) if w]


def answer_words(question: dict[str, Any]) -> list[str]:
    """The pieces of the right answer to look for in the cited section."""
    kind = question["kind"]
    if kind == "blank":
        return [question["answer"]]
    if kind == "truefalse":
        return []
    right = question["answer"] if kind == "multi" else [question["answer"]]
    texts = [o["text"] for o in question["options"] if o["key"] in right]
    return [word for text in texts for word in words_of(text)]


def check_question(
    report: Report,
    where: str,
    question: dict[str, Any],
    sections: dict[str, str],
    sources: set[str],
) -> None:
    """Check one quiz question and that its answer is stated in the cited section."""
    kind = question["kind"]
    base = {"key", "kind", "stem", "answer", "explanation", "section", "source"}
    extra = {"single": {"options"}, "multi": {"options"}, "truefalse": set(), "blank": {"accepted"}}
    report.need(kind in extra, where, f"kind {kind}")
    report.need(set(question) == base | extra.get(kind, set()), where, f"fields {set(question)}")
    size = len(question["explanation"])
    report.need(20 <= size <= 60, where, f"explanation has {size} characters")
    report.need(question["source"] in sources, where, f"source {question['source']}")
    section = sections.get(question["section"])
    report.need(section is not None, where, f"section {question['section']}")
    answer = question["answer"]
    if kind in ("single", "multi"):
        options = question["options"]
        keys = [o["key"] for o in options]
        low, high = (3, 4) if kind == "single" else (3, 5)
        report.need(low <= len(keys) <= high, where, f"{len(keys)} options")
        report.need(keys == list("abcde")[: len(keys)], where, f"option keys {keys}")
        report.need(len({o["text"] for o in options}) == len(options), where, "twin options")
        chosen = answer if kind == "multi" else [answer]
        report.need(isinstance(answer, list) == (kind == "multi"), where, "answer shape")
        report.need(set(chosen) <= set(keys), where, "answer is not an option")
        report.need(kind == "single" or len(chosen) >= 2, where, "multi wants two answers")
    elif kind == "truefalse":
        report.need(isinstance(answer, bool), where, "answer is not true/false")
    elif kind == "blank":
        report.need("____" in question["stem"], where, "no blank in the stem")
        report.need(answer not in question["accepted"], where, "answer repeated in accepted")
    for word in answer_words(question):
        if section is not None and word not in section:
            report.look(where, f"{word!r} is not written in section {question['section']}")


def check_lesson(report: Report, path: Path, courses: set[str]) -> dict[str, Any]:
    """Check one lesson file and give back its parsed content."""
    name = path.stem
    raw = path.read_text(encoding="utf-8")
    check_words(report, name, raw)
    lesson = tomllib.loads(raw)
    report.need(set(lesson) == set(LESSON_KEYS), name, f"top fields {sorted(lesson)}")
    report.need(lesson["course"] in courses, name, f"course {lesson['course']}")
    report.need(KEY.match(lesson["slug"]), name, f"slug {lesson['slug']}")
    report.need(len(lesson["title"]) <= 22, name, f"title has {len(lesson['title'])} characters")
    size = len(lesson["summary"])
    report.need(30 <= size <= 60, name, f"summary has {size} characters")
    report.need(lesson["minutes"] in (3, 4, 5), name, "minutes")
    report.need(lesson["credit_hours"] == "0.25", name, "credit_hours")
    report.need(lesson["category"] == CATEGORY, name, "category")
    report.need(lesson["pass_mark"] == 60, name, "pass_mark")
    blocks = lesson["blocks"]
    keys = [b["key"] for b in blocks]
    report.need(len(keys) == len(set(keys)), name, f"block keys repeat: {keys}")
    for block in blocks:
        check_block(report, f"{name}/{block['key']}", block)
    body = [b for b in blocks if b["type"] == "section"]
    report.need(sum(b["required"] for b in body) >= 2, name, "two required sections wanted")
    report.need(3 <= len(body) <= 4, name, f"{len(body)} sections")
    count = sum(han_count(b["text"]) for b in body)
    report.need(550 <= count <= 900, name, f"{count} Chinese characters of section text")
    sections = {b["key"]: plain(b["text"]) for b in body}
    sources = {s["title"] for s in lesson["sources"]}
    report.need(1 <= len(lesson["sources"]) <= 3, name, "1-3 sources wanted")
    for source in lesson["sources"]:
        report.need(set(source) == {"title", "publisher", "reference"}, name, f"source {source}")
    questions = lesson["quiz"]["questions"]
    report.need(3 <= len(questions) <= 4, name, f"{len(questions)} questions")
    report.need(
        [q["key"] for q in questions] == [f"q{i + 1}" for i in range(len(questions))],
        name,
        "question keys",
    )
    for question in questions:
        check_question(report, f"{name}/{question['key']}", question, sections, sources)
    return {**lesson, "_count": count}


def check_site(report: Report) -> None:
    """Check the heritage page."""
    path = ROOT / "site_paotaishan.toml"
    raw = path.read_text(encoding="utf-8")
    check_words(report, path.stem, raw)
    site = tomllib.loads(raw)
    for key in ("slug", "title", "town", "lon", "lat", "summary", "opening", "accessibility"):
        report.need(site.get(key), path.stem, f"missing {key}")
    report.need(3 <= len(site["sections"]) <= 4, path.stem, "3-4 sections wanted")
    report.need(len(site["exhibits"]) == 3, path.stem, "3 exhibits wanted")
    for section in site["sections"]:
        report.need(set(section) == {"key", "heading", "text"}, path.stem, f"{set(section)}")
    for exhibit in site["exhibits"]:
        fields = {*("code", "name", "period", "narration", "question", "answer", "source")}
        fields |= {*("holder", "rights", "accessibility", "minutes", "way", "way_note")}
        report.need(set(exhibit) == fields, path.stem, f"{set(exhibit)}")
        size = len(exhibit["narration"])
        report.need(60 <= size <= 100, path.stem, f"{exhibit['code']} has {size} characters")


def print_summary(lessons: list[dict[str, Any]]) -> None:
    """Print counts that show the spread of lessons, blocks and answers."""
    tally: dict[str, int] = {}
    for lesson in lessons:
        print(f"{lesson['slug']:22} {lesson['_count']:4} 字  {lesson['title']}")
        for block in lesson["blocks"]:
            tally[block["type"]] = tally.get(block["type"], 0) + 1
            if block["type"] == "section" and not block["required"]:
                tally["section (optional)"] = tally.get("section (optional)", 0) + 1
        for question in lesson["quiz"]["questions"]:
            name = f"question {question['kind']}"
            tally[name] = tally.get(name, 0) + 1
            if question["kind"] in ("single", "truefalse"):
                name = f"answer {question['kind']} {question['answer']}"
                tally[name] = tally.get(name, 0) + 1
    tally["quiz required"] = sum(bool(x["quiz_required"]) for x in lessons)
    for name, number in sorted(tally.items()):
        print(f"  {name}: {number}")


def main() -> int:
    """Run every check and print the outcome."""
    report = Report()
    raw = (ROOT / "courses.toml").read_text(encoding="utf-8")
    check_words(report, "courses", raw)
    courses = tomllib.loads(raw)["courses"]
    report.need(len(courses) == 4, "courses", "4 courses wanted")
    for course in courses:
        fields = {"slug", "title", "summary", "category", "order"}
        report.need(set(course) == fields, "courses", f"fields {set(course)}")
        report.need(len(course["summary"]) <= 60, course["slug"], "summary too long")
    slugs = {c["slug"] for c in courses}
    paths = sorted((ROOT / "lessons").glob("L*.toml"))
    lessons = [check_lesson(report, path, slugs) for path in paths]
    report.need(len(lessons) == 20, "lessons", f"{len(lessons)} lessons")
    report.need(len({x["slug"] for x in lessons}) == len(lessons), "lessons", "slugs repeat")
    for slug in slugs:
        orders = sorted(x["order"] for x in lessons if x["course"] == slug)
        report.need(orders == [1, 2, 3, 4, 5], slug, f"orders {orders}")
    for kind, least in (("audio", 6), ("picture", 10)):
        number = sum(any(b["type"] == kind for b in x["blocks"]) for x in lessons)
        report.need(number >= least, "lessons", f"only {number} lessons with {kind}")
    check_site(report)
    cover = ROOT / "pictures" / "default_cover.png"
    report.need(cover.is_file() and png_size(cover) == (900, 500), "cover", "missing or wrong")
    print_summary(lessons)
    for note in report.notes:
        print("look:", note)
    for problem in report.problems:
        print("PROBLEM:", problem)
    print(f"{len(report.problems)} problems, {len(report.notes)} notes")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
