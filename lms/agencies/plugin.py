"""What agencies adds to the site."""

from lms.agencies.demonstration import load
from lms.plugins import Demonstration, Plugin

PLUGIN = Plugin(name="agencies", title="Agencies", demonstrations=(Demonstration(load, 20),))
