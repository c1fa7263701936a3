"""Asking a provider who somebody is, by OpenID Connect. Knows no database and no request."""
