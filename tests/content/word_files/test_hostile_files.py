"""Files that mean harm are refused in a sentence, or taken in without what would have harmed."""

import json
import re
import subprocess

import pytest

from content.models import ImportReport, LessonPage, WordUpload
from content.word_files import process
from content.word_files.child import answer
from content.word_files.door import admit
from content.word_files.drafts import make_draft
from content.word_files.imported import read_converted
from content.word_files.process import convert_file
from content.word_files.refusals import Refused
from studyhub.core.errors import Invalid
from tests.content.word_files.docx_files import docx, para
from tests.content.word_files.hostile import HARMLESS, REFUSED
from tests.content.word_files.imports import check_balance, read
from tests.factories import a_course

ALLOWED = re.compile(r"</?(p|ul|ol|li|b|br|a)( href=\"https?://[^\"]*\")?/?>")


def refusal(data: bytes, folder) -> str:
    """The sentence; empty where it is taken in."""
    try:
        admit(data)
        file = folder / "file"
        file.write_bytes(data)
        said = answer(file, folder)
        if "sentence" in said:
            return said["sentence"]
        read(data)
    except Refused as refused:
        return refused.sentence
    except Invalid as invalid:
        return invalid.detail
    return ""


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence(name, tmp_path):
    make, word = REFUSED[name]
    data = make()
    said = refusal(data, tmp_path)
    assert word in said
    assert said.endswith("。")
    assert "\n" not in said


@pytest.mark.parametrize("name", HARMLESS)
def test_a_file_with_something_hostile_in_it_is_taken_in_without(name, tmp_path):
    data = HARMLESS[name]()
    assert refusal(data, tmp_path) == ""
    text = read(data)
    made, report = text.build(text.usual_choice)
    check_balance(text, made, report)
    stored = json.dumps(made.blocks, ensure_ascii=False)
    assert "甲" in stored
    for bad in ("javascript:", "file:", "passwd", "root:", "onload"):
        assert bad not in stored


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["billion laughs", "tables 200 deep", "old .doc"])
def test_of_a_refused_file_nothing_is_stored(name, tmp_path, monkeypatch):
    monkeypatch.setattr(process.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Invalid):
        convert_file(REFUSED[name][0]())
    assert not list(tmp_path.iterdir())
    for model in (LessonPage, ImportReport, WordUpload):
        assert not model.objects.exists()


def test_a_child_that_is_killed_or_hangs_is_an_answer(monkeypatch):
    data = docx(para("甲。"))
    for error in (
        subprocess.TimeoutExpired("child", 20),
        subprocess.CalledProcessError(-9, "child"),
    ):

        def fail(*args, error=error, **kwargs):
            raise error

        monkeypatch.setattr(process.subprocess, "run", fail)
        with pytest.raises(Invalid, match="word_too_complex"):
            convert_file(data)


def test_the_child_knows_no_secret_and_limits_itself(monkeypatch):
    seen = {}
    run = subprocess.run

    def note(command, **options):
        seen.update(options)
        return run(command, **options)

    monkeypatch.setattr(process.subprocess, "run", note)
    assert convert_file(docx(para("甲。"))).text == "甲。"
    assert set(seen["env"]) == {"LC_ALL", "PYTHONIOENCODING"}
    assert seen["timeout"] == 20
    code = "import resource; from content.word_files.child import limit; limit(); "
    code += "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(0)[0])"
    command = [process.sys.executable, "-c", code]
    said = run(command, capture_output=True, text=True, check=True, cwd=seen["cwd"]).stdout
    assert said.split() == [str(500 * 2**20), "15"]


@pytest.mark.django_db
def test_what_is_stored_after_a_hostile_file_opens_in_the_editor(client, django_user_model):
    course = a_course()
    client.force_login(django_user_model.objects.create_superuser("admin", None, "x" * 20))
    for name in ("picture bomb", "altChunk", "gridSpan abc"):
        text = read_converted(convert_file(HARMLESS[name]()), f"{name}.docx")
        report = make_draft(text, course, accepted=set())
        assert client.get(f"/cms/pages/{report.page_id}/edit/").status_code == 200
