"""What audit adds to the site."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="audit", title="Audit")
