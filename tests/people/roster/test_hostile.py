"""What comes from anywhere is read right or refused in a sentence, and nothing is half made."""

import pytest

from studyhub.core.clock import today
from studyhub.core.errors import Invalid
from studyhub.core.sheets.reading import read_sheet
from studyhub.people.models import Branch, Member
from studyhub.people.roster.comparison import compare
from tests import factories as make
from tests.people.roster.hostile import FILES

pytestmark = pytest.mark.django_db


def looked(data):
    return compare(read_sheet(data), on=today(), create_missing=True)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_nobody_filled_in(name):
    make.a_branch("旗委")
    data, expected = FILES[name]
    if isinstance(expected, str):
        with pytest.raises(Invalid) as refused:
            looked(data)
        assert refused.value.code == expected
        assert "请" in refused.value.detail
    else:
        assert [line.name for line in looked(data).lines] == expected
    assert not Member.objects.exists()
    assert Branch.objects.count() == 1


def test_they_are_as_many_as_were_promised():
    assert len(FILES) >= 20
