from celery import shared_task
from django.core.management import call_command
from django.db import transaction


@shared_task
def publish_scheduled() -> None:
    """Pages whose hour has come. One transaction: a page never goes live without its revision."""
    with transaction.atomic():
        call_command("publish_scheduled")
