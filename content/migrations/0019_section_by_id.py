"""A question cites its section by the id of its block; until now it was the heading, typed.

What names no section of its body stays as it was typed: the desk shows that it is lost.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import content.blocks.sections
import wagtail.fields
from django.db import migrations
from django.db.models import F, JSONField
from django.db.models.functions import Cast
from wagtail.blocks import StreamValue

from studyhub.core.characters import clean

AT_ONCE = 100
Named = Callable[[list[Any]], dict[str, str]]


def _sections(raw: list[Any]) -> Iterator[tuple[str, str]]:
    for block in raw:
        if block.get("type") == "section" and block.get("id"):
            heading = (block.get("value") or {}).get("heading")
            yield block["id"], clean(str(heading or "")).strip()


def _ids(raw: list[Any]) -> dict[str, str]:
    return {heading: key for key, heading in _sections(raw) if heading}


def _headings(raw: list[Any]) -> dict[str, str]:
    return dict(_sections(raw))


def _changed(raw: Any, named: Named) -> bool:
    """Whether a question of the body now says its section in the other way."""
    if not isinstance(raw, list):
        return False
    names = named(raw)
    changed = False
    for question in _questions(raw):
        cites = clean(str(question.get("section") or "")).strip()
        if cites in names:
            question["section"] = names[cites]
            changed = True
    return changed


def _questions(raw: list[Any]) -> Iterator[dict[str, Any]]:
    for block in raw:
        if block.get("type") == "self_check":
            for item in (block.get("value") or {}).get("questions") or []:
                question = item.get("value") if item.get("type") == "item" else item
                if isinstance(question, dict):
                    yield question


def _rewrite(apps: Any, named: Named) -> None:
    lessons = apps.get_model("content", "LessonPage")
    rows = lessons.objects.annotate(raw=Cast(F("body"), JSONField())).order_by("pk")
    for lesson in rows.iterator(AT_ONCE):
        raw = lesson.raw
        if _changed(raw, named):
            body = StreamValue(lesson.body.stream_block, raw, is_lazy=True)
            lessons.objects.filter(pk=lesson.pk).update(body=body)
    _rewrite_revisions(apps.get_model("wagtailcore", "Revision").objects, named)


def _rewrite_revisions(revisions: Any, named: Named) -> None:
    kind = {"content_type__app_label": "content", "content_type__model": "lessonpage"}
    for revision in revisions.filter(**kind).order_by("pk").iterator(AT_ONCE):
        raw = json.loads(revision.content.get("body") or "[]")
        if _changed(raw, named):
            body = json.dumps(raw, ensure_ascii=False)
            revisions.filter(pk=revision.pk).update(content={**revision.content, "body": body})


def cite_by_id(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, _ids)


def cite_by_heading(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, _headings)


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0018_twins"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(cite_by_id, cite_by_heading),
        migrations.AlterField(
            model_name='lessonpage',
            name='body',
            field=wagtail.fields.StreamField([('section', 3), ('paragraphs', 4), ('picture', 10), ('audio', 15), ('video', 18), ('timeline', 24), ('table', 26), ('artefact', 32), ('quotation', 36), ('notes', 41), ('route', 51), ('self_check', 68), ('sources', 74), ('gap', 78)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': '小节标题', 'max_length': 40}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'ul', 'ol', 'link'], 'label': '正文'}), 2: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'help_text': '读完全部必读小节才算学完本课', 'label': '必读', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1), ('required', 2)]], {}), 4: ('wagtail.blocks.StructBlock', [[('text', 1)]], {}), 5: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': '图片'}), 6: ('wagtail.blocks.CharBlock', (), {'help_text': '读给看不见图的人听', 'label': '画面说明', 'max_length': 120}), 7: ('wagtail.blocks.CharBlock', (), {'label': '图注', 'max_length': 80, 'required': False}), 8: ('wagtail.blocks.CharBlock', (), {'label': '来源', 'max_length': 80}), 9: ('wagtail.blocks.CharBlock', (), {'label': '授权', 'max_length': 40}), 10: ('wagtail.blocks.StructBlock', [[('image', 5), ('alt', 6), ('caption', 7), ('source', 8), ('licence', 9)]], {}), 11: ('wagtailmedia.blocks.AudioChooserBlock', (), {'label': '音频'}), 12: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 60}), 13: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('human', '真人录音'), ('machine', '机器合成语音')], 'label': '声音'}), 14: ('wagtail.blocks.TextBlock', (), {'help_text': '每段声音都要有全文', 'label': '文字稿'}), 15: ('wagtail.blocks.StructBlock', [[('media', 11), ('title', 12), ('voice', 13), ('transcript', 14)]], {}), 16: ('wagtailmedia.blocks.VideoChooserBlock', (), {'label': '视频'}), 17: ('wagtail.blocks.TextBlock', (), {'help_text': '每段视频都要有全文', 'label': '文字稿'}), 18: ('wagtail.blocks.StructBlock', [[('media', 16), ('title', 12), ('transcript', 17)]], {}), 19: ('wagtail.blocks.CharBlock', (), {'label': '标题', 'max_length': 40}), 20: ('wagtail.blocks.CharBlock', (), {'label': '时间', 'max_length': 30}), 21: ('wagtail.blocks.CharBlock', (), {'label': '事情', 'max_length': 120}), 22: ('wagtail.blocks.StructBlock', [[('date', 20), ('text', 21)]], {}), 23: ('wagtail.blocks.ListBlock', (22,), {'label': '时间点', 'max_num': 12, 'min_num': 2}), 24: ('wagtail.blocks.StructBlock', [[('title', 19), ('items', 23)]], {}), 25: ('wagtail.contrib.table_block.blocks.TableBlock', (), {'label': '表格', 'table_options': {'contextMenu': {'items': {'col_left': {'name': '在左边加一列'}, 'col_right': {'name': '在右边加一列'}, 'redo': {'name': '重做'}, 'remove_col': {'name': '删去这一列'}, 'remove_row': {'name': '删去这一行'}, 'row_above': {'name': '在上面加一行'}, 'row_below': {'name': '在下面加一行'}, 'undo': {'name': '撤销'}}}, 'renderer': 'text'}}), 26: ('wagtail.blocks.StructBlock', [[('cells', 25)]], {}), 27: ('wagtail.blocks.CharBlock', (), {'label': '名称', 'max_length': 40}), 28: ('wagtail.blocks.CharBlock', (), {'label': '年代', 'max_length': 40, 'required': False}), 29: ('wagtail.blocks.TextBlock', (), {'label': '说明（60–100 字为宜）', 'max_length': 300}), 30: ('wagtail.blocks.CharBlock', (), {'label': '收藏单位', 'max_length': 80, 'required': False}), 31: ('wagtail.blocks.CharBlock', (), {'label': '看展时找一找', 'max_length': 80, 'required': False}), 32: ('wagtail.blocks.StructBlock', [[('name', 27), ('period', 28), ('description', 29), ('holder', 30), ('question', 31)]], {}), 33: ('wagtail.blocks.TextBlock', (), {'help_text': '领导人讲话只引用正式文本', 'label': '引文', 'max_length': 300}), 34: ('wagtail.blocks.CharBlock', (), {'label': '出自谁', 'max_length': 40, 'required': False}), 35: ('wagtail.blocks.CharBlock', (), {'label': '出处', 'max_length': 120}), 36: ('wagtail.blocks.StructBlock', [[('text', 33), ('speaker', 34), ('source', 35)]], {}), 37: ('wagtail.blocks.CharBlock', (), {'help_text': '正文里写成［注1］这样', 'label': '标记', 'max_length': 10}), 38: ('wagtail.blocks.TextBlock', (), {'label': '注文'}), 39: ('wagtail.blocks.StructBlock', [[('mark', 37), ('text', 38)]], {}), 40: ('wagtail.blocks.ListBlock', (39,), {'label': '注释', 'min_num': 1}), 41: ('wagtail.blocks.StructBlock', [[('items', 40)]], {}), 42: ('wagtail.blocks.CharBlock', (), {'label': '附注', 'max_length': 60, 'required': False}), 43: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': '用线连起来', 'required': False}), 44: ('wagtail.blocks.CharBlock', (), {'label': '地名', 'max_length': 20}), 45: ('wagtail.blocks.FloatBlock', (), {'label': '经度（WGS-84）', 'max_value': 140, 'min_value': 70}), 46: ('wagtail.blocks.FloatBlock', (), {'label': '纬度（WGS-84）', 'max_value': 56, 'min_value': 15}), 47: ('wagtail.blocks.CharBlock', (), {'label': '时间', 'max_length': 30, 'required': False}), 48: ('wagtail.blocks.CharBlock', (), {'label': '说明', 'max_length': 120, 'required': False}), 49: ('wagtail.blocks.StructBlock', [[('name', 44), ('lon', 45), ('lat', 46), ('when', 47), ('text', 48)]], {}), 50: ('wagtail.blocks.ListBlock', (49,), {'label': '地点', 'max_num': 14, 'min_num': 1}), 51: ('wagtail.blocks.StructBlock', [[('title', 19), ('note', 42), ('line', 43), ('stops', 50)]], {}), 52: ('wagtail.blocks.CharBlock', (), {'default': '学完自测', 'label': '标题', 'max_length': 40}), 53: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'help_text': '可以反复作答，取最好一次', 'label': '学完本课须通过自测', 'required': False}), 54: ('wagtail.blocks.IntegerBlock', (), {'default': 60, 'label': '通过线（答对的百分比）', 'max_value': 100, 'min_value': 0}), 55: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('single', '单选'), ('multi', '多选'), ('truefalse', '判断'), ('blank', '填空')], 'label': '题型'}), 56: ('wagtail.blocks.CharBlock', (), {'label': '题目', 'max_length': 200}), 57: ('wagtail.blocks.CharBlock', (), {'label': '选项', 'max_length': 80}), 58: ('wagtail.blocks.BooleanBlock', (), {'label': '正确', 'required': False}), 59: ('wagtail.blocks.StructBlock', [[('text', 57), ('correct', 58)]], {}), 60: ('wagtail.blocks.ListBlock', (59,), {'default': [], 'label': '选项（单选、多选用）', 'max_num': 6, 'min_num': 0}), 61: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('true', '对'), ('false', '错')], 'label': '答案（判断题用）', 'required': False}), 62: ('wagtail.blocks.TextBlock', (), {'help_text': '每行一种写法，第一行是标准答案', 'label': '答案（填空题用）', 'required': False}), 63: ('wagtail.blocks.CharBlock', (), {'label': '解析', 'max_length': 200}), 64: ('content.blocks.sections.SectionChoiceBlock', (), {'help_text': '答错时打开这一节', 'label': '出自哪一小节'}), 65: ('wagtail.blocks.CharBlock', (), {'label': '依据', 'max_length': 120, 'required': False}), 66: ('wagtail.blocks.StructBlock', [[('kind', 55), ('stem', 56), ('options', 60), ('truth', 61), ('accepted', 62), ('explanation', 63), ('section', 64), ('source', 65)]], {}), 67: ('wagtail.blocks.ListBlock', (66,), {'label': '题目', 'max_num': 10, 'min_num': 1}), 68: ('wagtail.blocks.StructBlock', [[('title', 52), ('required', 53), ('pass_mark', 54), ('questions', 67)]], {}), 69: ('wagtail.blocks.CharBlock', (), {'label': '题名', 'max_length': 120}), 70: ('wagtail.blocks.CharBlock', (), {'label': '单位或媒体', 'max_length': 80, 'required': False}), 71: ('wagtail.blocks.CharBlock', (), {'label': '版次、网址或编号', 'max_length': 160, 'required': False}), 72: ('wagtail.blocks.StructBlock', [[('title', 69), ('publisher', 70), ('reference', 71)]], {}), 73: ('wagtail.blocks.ListBlock', (72,), {'label': '来源', 'min_num': 1}), 74: ('wagtail.blocks.StructBlock', [[('items', 73)]], {}), 75: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('chart', '图表'), ('diagram', 'SmartArt 图示'), ('formula', '公式'), ('picture', '手机上显示不了的图片'), ('linked', '文件里没有的图片（只有链接）'), ('word_art', '艺术字'), ('object', '嵌入的对象'), ('part', '嵌入的另一个文件'), ('table', '太大的表格'), ('form', '像要填写的表格')], 'label': '缺的是什么'}), 76: ('wagtail.blocks.CharBlock', (), {'label': '原文怎么说', 'max_length': 200, 'required': False}), 77: ('wagtail.blocks.TextBlock', (), {'help_text': '可以复制到正文里', 'label': '里面的文字', 'required': False}), 78: ('wagtail.blocks.StructBlock', [[('kind', 75), ('words', 76), ('text', 77)]], {})}, verbose_name='内容'),
        ),
    ]
