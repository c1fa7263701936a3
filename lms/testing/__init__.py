"""The house's tests for a stranger's package, without a copy of this one.

`house` holds what must be true of every plugin; `lms plugins check NAME` asks it. `fixtures` brings the same to pytest,
and what a plugin's own tests need: write `pytest_plugins = ["lms.testing.fixtures"]` into `conftest.py`.
Nothing here is imported by the running site.
"""
