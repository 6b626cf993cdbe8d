"""A module with an object of its own that its functions change."""
KEPT = [0.0]


def put(x):
    KEPT[0] = x * x


def get():
    return KEPT[0]
