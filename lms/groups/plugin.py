"""What sectors and role groups add to the site; who manages agencies manages them."""

from lms.frame.plugins import Plugin
from lms.groups.views import bp

PLUGIN = Plugin(name="groups", title="Sectors and role groups", blueprints=(bp,), requires=("agencies",))
