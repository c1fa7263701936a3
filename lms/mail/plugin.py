"""What mail adds to the site."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="mail", title="Mail")
