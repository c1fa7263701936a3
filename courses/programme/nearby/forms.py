"""Where a postcode district is."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import StringField
from lms.frame.web import Form


class DistrictForm(Form):
    """A district, and the middle of it in degrees."""

    district = StringField(
        "Postcode district",
        description="The first half of a postcode, like B66.",
        validators=[InputRequired("Write the first half of a postcode, for example B66."), Length(max=10)],
    )
    latitude = StringField("Latitude", description="Degrees north, like 52.49.", validators=[Length(max=20)])
    longitude = StringField(
        "Longitude", description="Degrees east; west is negative, like -1.97.", validators=[Length(max=20)]
    )
