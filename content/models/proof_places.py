"""Where a rule of proof-reading may be told to look: kinds of blocks, and places within them."""

from collections.abc import Iterable

from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.models.ticked import Ticked
from content.proofs.texts import LEFT_OUT_BLOCKS
from content.proofs.values import CELLS

PAGE = "page"  # the kind of what stands in no block
UNREAD = LEFT_OUT_BLOCKS | {"gap"}
FIELDS = {
    "title": "标题",
    "summary": "摘要",
    "heading": "小节标题",
    "text": "正文、事情、选项",
    "date": "时间",
    "caption": "图注、表题",
    CELLS: "表格的格子",
    "alt": "画面说明",
    "transcript": "文字稿",
    "name": "名称",
    "period": "年代",
    "description": "说明",
    "question": "找一找",
    "speaker": "出自谁",
    "mark": "注释的标记",
    "note": "附注",
    "when": "路线图的时间",
    "stem": "题目",
    "image_alt": "题目图片的画面说明",
    "explanation": "解析",
    "words": "缺的内容",
    "narration": "讲解词",
    "answer": "找一找的答案",
    "accessibility": "无障碍",
    "way_note": "怎么走",
    "rest": "附近哪里可以坐一坐",
    "what": "要核实什么",
    "whom": "向谁核实",
    "found": "已经问到的",
}


class BlockKinds(Ticked):
    """Kinds of blocks of a lesson or a heritage site, and its head."""

    def names(self) -> Iterable[tuple[str, str]]:
        blocks = LessonBodyBlock().child_blocks | ExhibitBodyBlock().child_blocks
        read = [(name, str(one.label)) for name, one in blocks.items() if name not in UNREAD]
        return [(PAGE, "标题和摘要"), *read]


class TextFields(Ticked):
    """Where words stand in a block, or in the head."""

    def names(self) -> Iterable[tuple[str, str]]:
        return FIELDS.items()
