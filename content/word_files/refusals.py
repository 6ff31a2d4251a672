"""Why a file is not taken in: one sentence each, which says what to do. No Django here."""

SENTENCES = {
    "old_format": "这是旧格式的文件（.doc 或 .wps）。请用 Word 或 WPS 打开，另存为 .docx 再导入。",
    "encrypted": "这个文件加了打开密码。请在 Word 或 WPS 里去掉密码，另存一份再导入。",
    "macros": "这个文件带宏，不能导入。请另存为不带宏的 .docx 再导入。",
    "not_word": "这不是 Word 文件，像是{kind}。请用 Word 或 WPS 打开原稿，另存为 .docx 再导入。",
    "incomplete": "这个文件不完整，可能没有传完或者坏了。请用 Word 或 WPS 打开，另存一份再导入。",
    "too_large": "这个文件太大：{what}。请分成几个文件再导入。",
    "entities": "这个文件里含外部实体，不能导入。请用 Word 或 WPS 打开，另存一份再试。",
    "too_complex": (
        "这个文件太复杂，处理不了。请把内容复制到一个新的 Word 文件里，或者分成几个文件再导入。"
    ),
    "too_many_pictures": "这个文件里的图片多于 {most} 张。请分成几个文件再导入。",
    "nothing": "这个文件里没有文字，也没有图片。请检查是不是选错了文件。",
    "nothing_pasted": "没有收到粘贴的内容。请先在框里粘贴，再按按钮。",
    "paste_too_large": "粘贴的内容太多：{what}。请分几次粘贴，或者用 .docx 文件导入。",
}


class Refused(Exception):
    """``code`` is stable, ``sentence`` is for people."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = SENTENCES[code].format(**words)
