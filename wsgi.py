"""The WSGI entry: `gunicorn wsgi:application`."""

from consult.app import create_app

application = create_app()
