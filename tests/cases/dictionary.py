"""A dict of parameters: the gradient is a dict."""
import numpy as np

rng = np.random.default_rng(1)


def dictionary(params, x):
    h = np.tanh(params["W"] @ x)
    out = params["v"] @ h
    return out ** 2


CASE = {"function": dictionary, "args": ({"W": rng.normal(size=(3, 2)), "v": rng.normal(size=3)}, rng.normal(size=2)), "wrt": "params"}


# The derivative


import numpy as np
from s2sad.runtime import zeros


def dictionary_grad(params, x):
    # forward sweep
    h = np.tanh(params["W"] @ x)
    out = params["v"] @ h
    # reverse sweep
    out_bar = 2 * out
    params_bar = zeros(params)
    params_bar["v"] += out_bar * h
    params_bar["W"] += np.outer(out_bar * params["v"] * (1 - h ** 2), x)
    return params_bar
