"""What the partnership's own pages add to the site."""

from lms.partnership.views import bp
from lms.plugins import Plugin

PLUGIN = Plugin(name="partnership", title="The partnership", blueprints=(bp,))
