"""x"""


def load(work): ...
