"""What signing in adds to the site."""

from lms.plugins import Plugin
from lms.signin.views import bp

PLUGIN = Plugin(name="signin", title="Signing in", blueprints=(bp,))
