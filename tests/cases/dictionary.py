"""A dict of parameters: the gradient is a dict."""
import numpy as np

rng = np.random.default_rng(1)


def dictionary(params, x):
    h = np.tanh(params["W"] @ x)
    out = params["v"] @ h
    return out ** 2


CASE = {"function": dictionary, "args": ({"W": rng.normal(size=(3, 2)), "v": rng.normal(size=3)}, rng.normal(size=2)), "wrt": "params"}
