"""Weights gathered into bins, several into one."""
import numpy as np


def histogram(weights, places):
    bins = np.zeros(4)
    np.add.at(bins, places, weights)
    return np.sum(bins ** 3)


CASE = {"function": histogram, "args": (np.array([0.5, 1.0, -2.0, 0.7]), np.array([0, 2, 2, 3]))}


# The derivative


import numpy as np
from s2sad.runtime import add
from s2sad.runtime import copied
from s2sad.runtime import unbroadcast
from s2sad.runtime import zeros


def histogram_grad(weights, places):
    # forward sweep
    bins = np.zeros(4)
    places_2 = np.arange(np.size(bins)).reshape(np.shape(bins))[places]
    values = np.broadcast_to(weights, np.shape(places_2)).ravel()
    places_2 = np.ravel(places_2)
    t_stack = []
    bins_stack = []
    for k in range(len(places_2)):
        t = bins.flat[places_2[k]] + values[k]
        t_stack.append(copied(t))
        bins_stack.append(copied(bins.flat[places_2[k]]))
        bins.flat[places_2[k]] = t
    # reverse sweep
    bins_bar = 3 * bins ** 2
    values_bar = np.zeros_like(values)
    for k in reversed(range(len(places_2))):
        t = t_stack.pop()
        bins.flat[places_2[k]] = bins_stack.pop()
        t_bar = copied(unbroadcast(bins_bar.flat[places_2[k]], t))
        bins_bar.flat[places_2[k]] = zeros(bins.flat[places_2[k]])
        bins_bar.flat[places_2[k]] = add(bins_bar.flat[places_2[k]],
                                         unbroadcast(t_bar, bins.flat[places_2[k]]))
        values_bar[k] += unbroadcast(t_bar, values[k])
    weights_bar = unbroadcast(values_bar, weights)
    return weights_bar
