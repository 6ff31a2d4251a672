"""One exhibit (展品) of a heritage site, and what is still to be found out about one."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AudioChooserBlock

from content.blocks.base import LessonBlock, OpenBlock, word, words
from content.blocks.media import VOICES
from content.elements import Aside, Element
from content.exhibits import RIGHTS, UNCHECKED, UNCLEAR, WAYS, Exhibit, Leg

CODE = r"[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?"
MOST_MINUTES, MOST_METRES = 60, 5000
LEFT = "这里还有没核实的内容。请核实、写进正文，删掉这一块，再发布。"


class ExhibitBlock(LessonBlock):
    """Its block id is what its label's address leads to, whatever it is called later."""

    code = blocks.CharBlock(
        max_length=12,
        validators=[RegexValidator(rf"^{CODE}\Z", "编号只用大写字母、数字和短横线，例如 PTS-01")],
        label="编号",
        help_text="印在展签上，也是网址的末尾；贴出去以后不要改，例如 PTS-01",
    )
    name = blocks.CharBlock(max_length=40, label="名称")
    period = blocks.CharBlock(max_length=40, required=False, label="年代")
    narration = blocks.TextBlock(
        max_length=400, label="讲解词", help_text="60–100 字为宜；多了少了，校对里会提醒"
    )
    image = ImageChooserBlock(required=False, label="图片")
    alt = blocks.CharBlock(
        max_length=120,
        required=False,
        label="画面说明",
        help_text="有图片就要写，读给看不见图的人听",
    )
    media = AudioChooserBlock(required=False, label="讲解录音", help_text="60–90 秒为宜")
    voice = blocks.ChoiceBlock(choices=VOICES, default="human", label="声音")
    transcript = blocks.TextBlock(required=False, label="文字稿", help_text="有录音就要有全文")
    question = blocks.CharBlock(
        max_length=80, required=False, label="找一找", help_text="在现场看得到答案的一个问题"
    )
    answer = blocks.CharBlock(
        max_length=120, required=False, label="找一找的答案", help_text="点开才看得见，不打分"
    )
    source = blocks.CharBlock(max_length=120, label="来源", help_text="这些话依据什么写的")
    holder = blocks.CharBlock(max_length=80, required=False, label="收藏单位或权利人")
    rights = blocks.ChoiceBlock(choices=list(RIGHTS.items()), default=UNCLEAR, label="权利")
    accessibility = blocks.CharBlock(
        max_length=120, required=False, label="无障碍", help_text="台阶、轮椅、能不能摸、有没有字幕"
    )
    minutes = blocks.IntegerBlock(
        min_value=1, max_value=MOST_MINUTES, default=3, label="大约看几分钟"
    )
    way = blocks.ChoiceBlock(choices=list(WAYS.items()), default=UNCHECKED, label="走到这里的路")
    metres = blocks.IntegerBlock(
        min_value=1,
        max_value=MOST_METRES,
        required=False,
        label="离上一件大约几米",
        help_text="第一件从大门算起；没量过就空着",
    )
    way_note = blocks.CharBlock(
        max_length=80, required=False, label="怎么走", help_text="例如：出门左转，沿墙走"
    )
    rest = blocks.CharBlock(max_length=80, required=False, label="附近哪里可以坐一坐")

    class Meta:
        icon = "tag"
        label = "展品"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {name: ValidationError(said) for name, said in _problems(cleaned)}
        if cleaned["rights"] == UNCLEAR and not self.is_deferred_validation:
            errors["rights"] = ValidationError("权利还没有弄清，不能公开。请先弄清，再送审、发布")
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    def document(self, value: Any) -> Iterable[Element]:
        exhibit = self.exhibit(value)
        yield Aside(exhibit.name, exhibit.period, exhibit.elements)

    def exhibit(self, value: Any, block: str = "") -> Exhibit:
        """The block as the site's pages, route and labels read it."""
        image, media = value.get("image"), value.get("media")
        way, note, rest = words(value, "way", "way_note", "rest")
        return Exhibit(
            block=block,
            image_id=image.pk if image else 0,
            media_id=media.pk if media else 0,
            machine_voice=value.get("voice") == "machine",
            minutes=value.get("minutes") or 0,
            leg=Leg(way, value.get("metres"), note, rest),
            **{name: word(value, name) for name in _TEXTS},
        )


_TEXTS = (
    *("code", "name", "period", "narration", "alt", "transcript", "question", "answer"),
    *("source", "holder", "rights", "accessibility"),
)


def _problems(value: Any) -> Iterable[tuple[str, str]]:
    """What does not go together, each with the field where it is put right."""
    if value["image"] and not value["alt"].strip():
        yield "alt", "有图片就要写画面说明，看不见图的人靠它听"
    if value["media"] and not value["transcript"].strip():
        yield "transcript", "有录音就要有文字稿，请把录音的全文写在这里"
    if value["answer"].strip() and not value["question"].strip():
        yield "question", "写了答案，请把“找一找”的问题也写上"


class ToVerifyBlock(OpenBlock):
    """What is still to be found out, and from whom, where it will stand. It says nothing to
    readers, and no page goes live with one."""

    advice = LEFT
    what = blocks.CharBlock(max_length=120, label="要核实什么")
    whom = blocks.CharBlock(max_length=120, label="向谁核实")
    found = blocks.TextBlock(required=False, label="已经问到的", help_text="谁说的、哪一天、凭什么")

    class Meta:
        icon = "warning"
        label = "待核实"
