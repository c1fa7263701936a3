"""What the policies add to the site."""

from lms.plugins import Plugin
from lms.policies.views import bp

PLUGIN = Plugin(name="policies", title="Policies", blueprints=(bp,))
