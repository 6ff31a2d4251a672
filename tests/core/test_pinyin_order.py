"""Names stand in the order of their sounds, in every database alike."""

import re

import pytest

from studyhub.core.pinyin_order import name_key, title_key

IN_ORDER = [
    "007",
    "Anna",
    "阿木尔",
    "安娜",
    "巴图",
    "陈一",
    "葛红",
    "Karl Marx",
    "康健",
    "卢一",
    "吕一",
    "区小明",
    "仇英",
    "单田",
    "汪洋",
    "王二",
    "王小二",
    "解缙",
    "䶮",
    "曾国",
    "查良镛",
    "㐂",
    "ᠪᠠᠲᠤ",
]


def test_names_stand_by_their_sounds_and_what_has_none_after_them():
    letters = sorted(IN_ORDER[:-2], key=name_key)
    assert letters == IN_ORDER[:-2]
    assert set(sorted(IN_ORDER, key=name_key)[-2:]) == set(IN_ORDER[-2:])


@pytest.mark.parametrize(
    ("surname", "sound"),
    [
        ("单", "shan4"), ("仇", "qiu2"), ("曾", "zeng1"), ("解", "xie4"), ("区", "ou1"),
        ("查", "zha1"), ("朴", "piao2"), ("任", "ren2"), ("万俟", "mo4"), ("单于", "chan2"),
        ("尉迟", "yu4"), ("朝鲁", "chao2"), ("𬭎", "hong2"), ("䶮", "yan3"), ("張", "zhang1"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(surname, sound):
    assert name_key(f"{surname}明").startswith(sound)


def test_only_at_the_front_of_a_persons_name():
    assert "jie3" in name_key("王解")
    assert title_key("解放小组").startswith("jie3")


def test_a_shorter_name_stands_before_the_longer_and_same_characters_together():
    names = ["王伟", "王", "汪伟", "王维", "王伟伟"]
    assert sorted(names, key=name_key) == ["汪伟", "王", "王维", "王伟", "王伟伟"]


@pytest.mark.parametrize("other", ["阿不都•克里木", "阿不都 克里木", "阿不都.克里木"])
def test_how_the_dot_is_typed_moves_nobody(other):
    assert name_key("阿不都·克里木") == name_key(other)


@pytest.mark.parametrize("name", [*IN_ORDER, "", "···", "é", "Ⅳ", "𠮷\u200d", "か", "々〇"])
def test_a_key_holds_only_what_all_collations_sort_alike(name):
    assert re.fullmatch("[0-9a-z]*", name_key(name))
