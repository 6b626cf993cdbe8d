"""Weights gathered into bins, several into one."""
import numpy as np


def histogram(weights, places):
    bins = np.zeros(4)
    np.add.at(bins, places, weights)
    return np.sum(bins ** 3)


CASE = {"function": histogram, "args": (np.array([0.5, 1.0, -2.0, 0.7]), np.array([0, 2, 2, 3]))}


# The derivative


import numpy as np
from s2sad.runtime import unbroadcast


def histogram_grad(weights, places):
    # forward sweep
    bins = np.zeros(4)
    places_2 = np.arange(np.size(bins)).reshape(np.shape(bins))[places]
    values = np.broadcast_to(weights, np.shape(places_2)).flatten()
    places_2 = np.ravel(places_2)
    for k in range(len(places_2)):
        bins.flat[places_2[k]] += values[k]
    # reverse sweep
    bins_bar = 3 * bins ** 2
    values_bar = np.zeros_like(values)
    for k in reversed(range(len(places_2))):
        values_bar[k] += bins_bar.flat[places_2[k]]
    weights_bar = unbroadcast(values_bar, weights)
    return weights_bar
