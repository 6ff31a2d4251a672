from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "studyhub.channels"
    label = "studyhub_channels"  # "channels" is also a well-known Django package's label
    verbose_name = "发布渠道"
    default_auto_field = "django.db.models.BigAutoField"
