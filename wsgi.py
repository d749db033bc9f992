"""The web application, for a WSGI server: `granian --interface wsgi wsgi:app`."""

import os
import sys

from app import create_app
from app.config import Config, ConfigError
from app.sync import secret_keys
from app.sync.tag_prefix import hold_at_boot

try:
    app = create_app(Config.from_env(os.environ))
    with app.app_context():
        hold_at_boot()
        secret_keys.tell_at_boot()
except ConfigError as error:
    sys.exit(f"Tagdock can't start. {error}")
