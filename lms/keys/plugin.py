"""What keeping account of the secret key adds to the site."""

from lms.frame.plugins import Check, Plugin
from lms.keys.checks import not_under_named

PLUGIN = Plugin(
    name="keys",
    title="The secret key",
    checks=(Check("keys.named", "The settings name the secret key that this database stands under", not_under_named),),
)
