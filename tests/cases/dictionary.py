"""A dict of parameters, and one that is filled."""
import numpy as np

rng = np.random.default_rng(1)


def dictionary(params, x):
    cache = {}
    cache["h"] = np.tanh(params["W"] @ x)
    cache["out"] = params["v"] @ cache["h"]
    return cache["out"] ** 2


CASE = {"function": dictionary, "args": ({"W": rng.normal(size=(3, 2)), "v": rng.normal(size=3)}, rng.normal(size=2)), "wrt": "params"}
