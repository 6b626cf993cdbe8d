"""A factorisation written as loops, one entry at a time."""
import math

import numpy as np


def cholesky(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j] - L[i, :j] @ L[j, :j]
            L[i, j] = math.sqrt(s) if i == j else s / L[j, j]
    return np.sum(L ** 3)


CASE = {"function": cholesky, "args": (np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]),)}


# The derivative


import math
import numpy as np


def cholesky_grad(A):
    # forward sweep
    n = len(A)
    L = np.zeros((n, n))
    t_stack = []
    L_stack = []
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j] - L[i, :j] @ L[j, :j]
            if i == j:
                t = math.sqrt(s)
            else:
                t = s / L[j, j]
            t_stack.append(t)
            L_stack.append(L[i, j])
            L[i, j] = t
    # reverse sweep
    L_bar = 3 * L ** 2
    A_bar = np.zeros_like(A)
    for i in reversed(range(n)):
        for j in reversed(range(i + 1)):
            L[i, j] = L_stack.pop()
            t_bar = L_bar[i, j]
            L_bar[i, j] = 0.0
            t = t_stack.pop()
            if i == j:
                s_bar = t_bar / (2 * t)
            else:
                L_bar[j, j] -= t_bar * t / L[j, j]
                s_bar = t_bar / L[j, j]
            A_bar[i, j] += s_bar
            L_bar[i, :j] -= s_bar * L[j, :j]
            L_bar[j, :j] -= s_bar * L[i, :j]
    return A_bar
