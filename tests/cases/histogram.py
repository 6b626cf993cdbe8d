"""Weights gathered into bins, several into one."""
import numpy as np


def histogram(weights, places):
    bins = np.zeros(4)
    np.add.at(bins, places, weights)
    return np.sum(bins ** 3)


CASE = {"function": histogram, "args": (np.array([0.5, 1.0, -2.0, 0.7]), np.array([0, 2, 2, 3]))}
