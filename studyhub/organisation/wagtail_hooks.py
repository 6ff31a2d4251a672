"""The organisation's words in the menu 设置, for administrators."""

from wagtail.contrib.settings.registry import register_setting

from studyhub.organisation.models import Organisation

register_setting(Organisation, icon="site")
