"""Proof-reading on plain values: what is found, what is left alone, and what it may not cost."""

import random
from datetime import date, timedelta

import pytest
from rjieba import Jieba

from content.proofs.reading import KNOWN_CHECKS, proofread
from content.proofs.starter import starter_rules
from content.proofs.values import Level, Rule, Text
from content.proofs.whole import Link, Material, Picture
from tests.content.lesson_material import (
    LESSONS,
    RULES,
    TODAY,
    checks_of,
    clean_sentences,
    found_in,
    starter_material,
)

SEED = 20261128
PLANTED = 200


@pytest.fixture(scope="module")
def sentences():
    return list(clean_sentences())


def test_every_check_that_is_coded_has_a_starter_rule_and_the_other_way_round():
    assert {rule.check for rule in RULES if rule.check} == KNOWN_CHECKS


def test_the_starter_rules_are_told_apart_by_their_keys_and_find_something():
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert all(starter.rule.check or starter.rule.words for starter in starter_rules())


def test_clean_lessons_are_nearly_never_blamed():
    finds = [f for lesson in starter_material() for f in proofread(lesson, RULES, TODAY)]
    assert len(LESSONS) == 20
    assert sum(find.blocks for find in finds) <= 1
    assert len(finds) <= 20  # advice


def _planted(sentences, plant, rule):
    """The share of errors that ``rule`` finds, each planted into a sentence of its own."""
    chance = random.Random(SEED)
    spoilt = [s for s in (plant(chance, sentence) for sentence in sentences) if s]
    spoilt = chance.sample(spoilt, min(PLANTED, len(spoilt)))
    assert len(spoilt) >= 100
    return sum(rule in checks_of(found_in(one)) for one in spoilt) / len(spoilt)


def test_most_doubled_words_are_found(sentences):
    cutter = Jieba()

    def plant(chance, sentence):
        words = [w for w in cutter.cut(sentence) if len(w) in (2, 3) and not set(w) & NO_DOUBLE]
        if not words:
            return None
        word = chance.choice(words)
        return sentence.replace(word, word * 2, 1)

    assert _planted(sentences, plant, "doubled_word") >= 0.85


NO_DOUBLE = set("，。、：“”《》（）0123456789〇零一二三四五六七八九十百千万亿—…·")


def test_most_doubled_characters_are_found(sentences):
    def plant(chance, sentence):
        places = [
            n
            for n, sign in enumerate(sentence)
            if sign not in NO_DOUBLE and "\u4e00" <= sign <= "\u9fff"
        ]
        place = chance.choice(places)
        return sentence[:place] + sentence[place] + sentence[place:]

    assert _planted(sentences, plant, "doubled_character") >= 0.6


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        ("half_width", lambda s: s.replace("，", ",", 1) if "，" in s else None),
        ("repeated_sign", lambda s: s + "。"),
        ("repeated_sign", lambda s: s[:-1] + "..."),
        ("unbalanced", lambda s: "“" + s),
        ("unbalanced", lambda s: s[:-1] + "）。"),
        ("impossible_date", lambda s: "1935年13月2日，" + s),
        ("impossible_date", lambda s: "2月30日，" + s),
        ("mixed_numerals", lambda s: "1935年一月，" + s),
        ("mixed_numerals", lambda s: "一九三五年1月，" + s),
        ("year_to_come", lambda s: "2093年，" + s),
        ("mobile", lambda s: s[:-1] + "13912345678。"),
        ("mobile", lambda s: s[:-1] + "，电话139 1234 5678。"),
        ("identity", lambda s: s[:-1] + "11010519491231002X。"),
        ("full_width_digit", lambda s: "１９３５年，" + s),
        ("approximation", lambda s: "走了三、四天，" + s),
        ("approximate_twice", lambda s: "来了约100人左右，" + s),
        ("traditional", lambda s: "瀋陽，" + s),
    ],
)
def test_every_planted_slip_of_these_kinds_is_found(sentences, rule, plant):
    assert _planted(sentences, lambda chance, s: plant(s), rule) == 1


@pytest.mark.parametrize(
    "right",
    [
        "淡淡的雾，整整一天，高高兴兴地走。",
        "一列列火车一步一步开过来。",
        "工农革命军第一军第一师。",
        "这件事要研究研究，再商量商量。",
        "1）先看；2）再想；（三）后做。",
        "比例是3:1，网址是https://example.org/a?b=1。",
        "第三、四天，一、二年级，一、二等奖。",
        "条约100条左右，节约3元上下。",
        "农历2月30日那天。",
        "乾隆瞭望皇后。",
        "2024年2月29日，13个月以后。",
        "身份证明编号110105194912310021不是身份证。",
        "内蒙古自治区、朝鲜族、全民族抗战八年。",
        "毕竟相差不远，截止阀关了。",
        "台湾、香港、澳门等国家和地区的游客。",
        "到2026年年底。",
    ],
)
def test_what_is_right_keeps_nobody_from_review(right):
    assert [find.words for find in found_in(right) if find.blocks] == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("参加“一带一路”战略。", "belt_road"),
        ("截止目前，来了30人。", "until"),
        ("蒙族和维族群众。", "peoples"),
        ("某省省委书记。", "party_secretary"),
        ("纪念一二九运动和九·一八事变。", "undotted_days"),
        ("增长5-10%。", "percent_range"),
        ("活动1-2天。", "hyphen_range"),
        ("去看“甲”、“乙”。", "sign_between_quotes"),
        ("参加《红色走读活动》。", "no_work"),
        ("台湾、香港等国的游客。", "places"),
        ("35年1月，会议召开。", "short_year"),
        ("一九三五年十三月。", "impossible_date"),
        ("大家 一起走。", "space"),
        ("人" * 91 + "。", "long_sentence"),
    ],
)
def test_what_is_wrong_is_told(wrong, rule):
    assert rule in checks_of(found_in(wrong))


def test_a_find_says_where_and_what_instead():
    [find] = found_in(
        "队伍出发。截止目前,到了。", rules=[r for r in RULES if r.key == "half_width"]
    )
    assert (find.words, find.offset, find.length, find.suggestion) == (",", 9, 1, "，")
    assert find.sentence == "截止目前,到了。"


def test_words_in_quotes_and_titles_are_left_to_who_wrote_them():
    quoted = "他说：“前苏联”，书名是《八年抗战》。"
    assert found_in(quoted) == []
    assert found_in("前苏联。", kind="quotation") == []


def test_the_exception_that_holds_the_word_excuses_this_place_alone():
    rule = Rule("k", "n", Level.BLOCKING, words=("内蒙",), exceptions=("内蒙古",))
    assert [f.offset for f in found_in("内蒙古和内蒙。", rules=[rule])] == [4]


def test_the_exception_without_the_word_excuses_its_sentence():
    rule = Rule("k", "n", Level.BLOCKING, words=("南韩",), exceptions=("1950年",))
    assert [f.sentence for f in found_in("1950年的南韩。南韩。", rules=[rule])] == ["南韩。"]


def looks(place, *, today=TODAY, **scope):
    """Whether a rule of this scope finds its word there."""
    names = {name: frozenset(value) for name, value in scope.items() if isinstance(value, str)}
    names = {name: frozenset(value.split()) for name, value in scope.items() if name in names}
    rule = Rule("k", "n", Level.ADVICE, words=("村长",), **scope | names)
    kind, field = place.split(":")
    return bool(found_in("村长", rules=[rule], kind=kind, field=field, today=today))


@pytest.mark.parametrize(
    ("kinds", "fields", "found"),
    [
        ("", "", {"page:title", "section:text", "timeline:items/0/text", "table:cells/1/2"}),
        ("section", "", {"section:text"}),
        ("", "text", {"section:text", "timeline:items/0/text"}),
        ("section timeline", "text", {"section:text", "timeline:items/0/text"}),
        ("section", "title", set()),
        ("", "cells", {"table:cells/1/2"}),
        ("page", "title", {"page:title"}),
    ],
)
def test_a_rule_looks_only_where_it_is_told_to(kinds, fields, found):
    places = ("page:title", "section:text", "timeline:items/0/text", "table:cells/1/2")
    assert {one for one in places if looks(one, kinds=kinds, fields=fields)} == found


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
        (TODAY - timedelta(days=1), TODAY + timedelta(days=1), True),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(starts, ends, found):
    assert looks("section:text", starts=starts, ends=ends) == found
    rule = Rule("title_length", "n", Level.ADVICE, check="title_length", starts=starts, ends=ends)
    long = Material((Text("", "page", "title", "长" * 65),))
    assert bool(proofread(long, [rule], TODAY)) == found


def test_a_rule_for_channels_keeps_a_lesson_from_them_and_not_from_review():
    rule = Rule("k", "n", Level.BLOCKING, words=("村长",), channels=frozenset({"wechat"}))
    [find] = found_in("村长", rules=[rule])
    assert (find.blocks, find.blocks_on("wechat"), find.blocks_on("toutiao")) == (
        False,
        True,
        False,
    )


def test_two_rules_may_hold_the_same_word():
    rules = [Rule(key, "n", Level.ADVICE, words=("村长",)) for key in "ab"]
    assert checks_of(found_in("村长", rules=rules)) == {"a", "b"}


def test_a_find_is_another_once_its_sentence_changes():
    [before], [same], [after] = (
        found_in(words, rules=[r for r in RULES if r.key == "solemnly"])
        for words in ("隆重召开。", "先说一句。隆重召开。", "隆重召开了。")
    )
    assert before.mark == same.mark != after.mark


def test_a_lesson_as_a_whole_is_measured():
    texts = (Text("", "page", "title", "题" * 65), Text("", "page", "summary", "摘" * 121))
    lesson = Material(
        (*texts, Text("b", "section", "text", "文" * 20_001)),
        (Picture("p", "", " "),),
        (Link("l", "那一课", False), Link("l", "这一课", True)),
    )
    told = checks_of(proofread(lesson, RULES, TODAY))
    whole = {"title_length", "digest_length", "whole_length"}
    assert told >= {*whole, "picture_source", "picture_words", "dead_link"}


@pytest.mark.parametrize(
    "hostile",
    [
        "哈" * 200_000,
        "的地" * 100_000,
        "“" * 200_000,
        "《（“" * 70_000 + "”）》" * 70_000,
        "\ud800是\udfff，" * 50_000,
        " " * 100_000 + "是" + "\u3000" * 100_000,
        "1" * 200_000,
        "一、" * 100_000,
        "内蒙" * 100_000,
        "约" + "一" * 200_000,
        "<a " * 50_000,
        "1年1月" * 50_000,
        "-" * 200_000,
        "瀋" * 200_000,
        "台湾香港" * 50_000,
    ],
    ids=range(15),
)
def test_hostile_texts_end_with_a_list_one_can_read(hostile):
    finds = found_in(hostile, today=date(2026, 1, 1))
    assert len(finds) <= 100 * len(RULES)
    assert all(len(find.sentence) <= 500 for find in finds)


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ("大家迫不急待。", "迫不及待"),
        ("坚持坚持下去。", "坚持"),
        ("瀋陽。", "沈阳"),
        ("截止目前。", None),
        ("1935年13月。", None),
        ("亲自。", None),
    ],
)
def test_only_what_needs_no_thought_is_put_right_by_a_button(words, fix):
    assert found_in(words)[0].fix == fix
