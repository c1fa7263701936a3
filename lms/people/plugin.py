"""What people adds to the site."""

from lms.people.demonstration import load
from lms.plugins import Demonstration, Plugin

PLUGIN = Plugin(name="people", title="People", demonstrations=(Demonstration(load, 30),))
