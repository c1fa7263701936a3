"""What the partnership's own pages add to the site."""

from lms.partnership.demonstration import load
from lms.partnership.views import bp
from lms.plugins import Demonstration, Plugin

PLUGIN = Plugin(
    name="partnership",
    title="The partnership",
    blueprints=(bp,),
    demonstrations=(Demonstration(load, 10),),
)
