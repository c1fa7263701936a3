"""What agencies adds to the site."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="agencies", title="Agencies")
