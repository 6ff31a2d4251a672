"""The forms behind a link in rich text, whose fields Wagtail names by their English identifiers."""

from wagtail.admin.forms import choosers

LABELS = {
    "url": "网址",
    "link_text": "显示的文字",
    "email_address": "邮箱地址",
    "subject": "主题",
    "body": "正文",
    "phone_number": "电话号码",
}
FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
)


def name_link_fields() -> None:
    for form in FORMS:
        for name, field in form.base_fields.items():
            field.label = LABELS[name]
