"""SCIM 2.0: an identity provider keeps people in step, and says who belongs to which agency and kind of work."""
