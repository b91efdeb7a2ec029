"""What gunicorn serves here: the application without rate limits, for all our requests come from one address."""

from dataclasses import replace

from marketplace import config
from marketplace.app import create_app

app = create_app(replace(config.read(), extra={"RATELIMIT_ENABLED": False}))
