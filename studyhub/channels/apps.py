from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "studyhub.channels"
    label = "studyhub_channels"  # "channels" is also a well-known Django package's label
    verbose_name = "发布渠道"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only once the apps are ready, hence the imports in here.
        from content.oral_histories import name_channels
        from content.panels import add_lesson_panel
        from studyhub.channels import previews, receivers  # noqa: F401  known by being imported
        from studyhub.channels.panels import ChannelPanel
        from studyhub.channels.registry import kind_choices

        name_channels(kind_choices)
        add_lesson_panel(ChannelPanel(heading="发布到渠道"))
