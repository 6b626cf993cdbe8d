"""A return from inside two loops."""
import numpy as np


def early_return(x, limit):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total += x[i] * x[j] ** 2
            if total > limit:
                return total * x[i]
    return total


CASE = {"function": early_return, "args": (np.linspace(0.5, 2.0, 6), 5.0)}


# The derivative


import numpy as np


def early_return_grad(x, limit):
    # forward sweep
    j = None
    total = 0.0
    returned = False
    i_stack = []
    j_stack = []
    total_stack = []
    count_2_stack = []
    for i in range(len(x)):
        i_stack.append(i)
        j_stack.append(j)
        count_2 = 0
        for j in range(i):
            count_2 += 1
            j_stack.append(j)
            total_stack.append(total)
            total += x[i] * x[j] ** 2
            if total > limit:
                result = total * x[i]
                returned = True
                break
        count_2_stack.append(count_2)
        if returned:
            break
    # reverse sweep
    result_bar = 1.0
    total_bar = 0.0
    if not returned:
        total_bar = 1.0
        result_bar = 0.0
    x_bar = np.zeros_like(x)
    while i_stack:
        i = i_stack.pop()
        for _ in range(count_2_stack.pop()):
            j = j_stack.pop()
            if total > limit:
                total_bar += result_bar * x[i]
                x_bar[i] += result_bar * total
                result_bar = 0.0
            total = total_stack.pop()
            x_bar[i] += total_bar * x[j] ** 2
            x_bar[j] += 2 * total_bar * x[i] * x[j]
        j = j_stack.pop()
    return x_bar
