"""A platform of films for tests: our account there, its grant, and a film in the store."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from studyhub.channels import accounts, authorising
from studyhub.sandbox import films as platform
from studyhub.sandbox.film_models import FilmApp
from tests.channels.factories import DeliveryFactory, a_post
from tests.channels.tiny_film import COVER, MP4
from tests.channels.world import SANDBOX

KEY = "0123456789abcdef0123456789abcdef"
APP_ID, APP_SECRET = "ks-test", "canary-app-secret"
SCOPES = ["user_info", "user_video_publish", "user_video_info", "user_video_delete"]
HOURS = timedelta(hours=1).total_seconds()


def reach_films(settings):
    """Kuaishou is our sandbox, in this process, and so is the host that it names for files."""
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "KUAISHOU_API_BASE": f"{SANDBOX}/kuaishou"}
    settings.PUBLIC_URL = "http://testserver"


def keep_film(data=MP4, key=KEY):
    """A finished film and its cover."""
    for name, content in ((f"videos/{key}.mp4", data), (f"videos/{key}.jpg", COVER)):
        if default_storage.exists(name):
            default_storage.delete(name)
        default_storage.save(name, ContentFile(content))
    return key


def platform_app(app_id=APP_ID, **values):
    """The application as the platform sees it; its review is over at once."""
    values = {"secret": APP_SECRET, "review_delay": 0, **values}
    return FilmApp.objects.create(kind="kuaishou", app_id=app_id, **values)


def an_account(key="ks", app_id=APP_ID):
    """Ours, with no grant yet."""
    return accounts.put_account("kuaishou_api", key, {"app_id": app_id, "app_secret": APP_SECRET})


def grant(account, app, open_id="me"):
    """The person has agreed."""
    code = platform.give_code(app, open_id, SCOPES)
    authorising.keep_grant(account, authorising.fetch_token(account, code))
    account.refresh_from_db()
    return account


def a_film_delivery(account, **values):
    """One that has just been asked for, with its film."""
    delivery = DeliveryFactory(account=account, **values)
    delivery.post = {**a_post(delivery.marker), "video": KEY}
    delivery.save()
    return delivery


def query_of(url):
    """The parameters of an address, one value each."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
