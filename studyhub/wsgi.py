from django.core.wsgi import get_wsgi_application

from studyhub.core.bodies import measure_bodies
from studyhub.core.environment import select_settings

select_settings()
application = measure_bodies(get_wsgi_application())

from studyhub.people.startup import refuse_unsafe_data  # noqa: E402  models need the set-up above

refuse_unsafe_data()
