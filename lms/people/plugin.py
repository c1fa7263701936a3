"""What people adds to the site."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="people", title="People")
