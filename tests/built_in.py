"""The plugins that `wsgi.py` hosts, for tests that make the application themselves."""

from wsgi import PLUGINS as BUILT_IN

__all__ = ["BUILT_IN"]
