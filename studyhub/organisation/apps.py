from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "studyhub.organisation"
    label = "organisation"
    verbose_name = "单位"
    default_auto_field = "django.db.models.BigAutoField"
