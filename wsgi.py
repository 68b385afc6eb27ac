"""The WSGI entry: `gunicorn wsgi:application`."""

import gc

# What is loaded now stays until the process ends. Looking through it for garbage would cost a
# sixth of the start, and a later look would copy the memory that workers share.
gc.disable()

from consult.app import create_app  # noqa: E402

application = create_app()

gc.freeze()
gc.enable()
