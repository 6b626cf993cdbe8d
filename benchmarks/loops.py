"""Functions with loops, branches, calls and buffers, and the gradients that a person would write for them."""
import numpy as np


# A while loop: the stack of saved values drives the reverse loop.
def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


def power_grad(x, n):
    # forward sweep
    r = 1
    r_stack = []
    while n > 0:
        n -= 1
        r_stack.append(r)
        r *= x
    # reverse sweep
    x_bar = 0.0
    r_bar = 1.0
    while r_stack:
        r = r_stack.pop()
        x_bar += r * r_bar
        r_bar *= x
    return x_bar


# Straight-line array code.
def mlp_loss(W1, b1, W2, b2, x, y):
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    return np.sum(r ** 2)


def mlp_loss_grad(W1, b1, W2, b2, x, y):
    # forward sweep
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    # reverse sweep
    r_bar = 2 * r
    W2_bar = np.outer(r_bar, h)
    a_bar = (W2.T @ r_bar) * (1 - h ** 2)
    W1_bar = np.outer(a_bar, x)
    return W1_bar, a_bar, W2_bar, r_bar


# A counted loop with a branch inside.
def leaky_sum(x, slope):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            total += x[i] ** 2
        else:
            total += slope * x[i]
    return total


def leaky_sum_grad(x, slope):
    # nothing needs a forward sweep: total is linear in each term, and x and slope are never overwritten
    x_bar = np.zeros_like(x)
    slope_bar = 0.0
    for i in reversed(range(len(x))):
        if x[i] > 0:
            x_bar[i] += 2 * x[i]
        else:
            slope_bar += x[i]
            x_bar[i] += slope
    return x_bar, slope_bar


# A stencil in place.
def heat(u0, a, steps):
    u = u0.copy()
    for t in range(steps):
        u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


def heat_grad(u0, a, steps):
    # forward sweep
    u = u0.copy()
    lap_stack = []
    for t in range(steps):
        lap = u[2:] - 2 * u[1:-1] + u[:-2]
        lap_stack.append(lap)
        u[1:-1] += a * lap
    # reverse sweep
    u_bar = 2 * u
    a_bar = 0.0
    for t in reversed(range(steps)):
        lap = lap_stack.pop()
        a_bar += np.sum(lap * u_bar[1:-1])
        lap_bar = a * u_bar[1:-1]
        u_bar[2:] += lap_bar
        u_bar[1:-1] -= 2 * lap_bar
        u_bar[:-2] += lap_bar
    return u_bar, a_bar


# Early exit from a loop.
def newton_sqrt(a, x, tol):
    for k in range(100):
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < tol:
            break
    return x


def newton_sqrt_grad(a, x, tol):
    # forward sweep
    x_stack = []
    for k in range(100):
        x_stack.append(x)
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < tol:
            break
    # reverse sweep
    a_bar = 0.0
    x_bar = 1.0
    while x_stack:
        x = x_stack.pop()
        step_bar = -x_bar
        a_bar -= step_bar / (2 * x)
        x_bar += step_bar * (1 - (x * x - a) / (2 * x * x))
    return a_bar, x_bar


# A call to another function.
def spring_force(q, k):
    return -k * q - 0.1 * q ** 3


def swing(q, v, k, dt, steps):
    for i in range(steps):
        v = v + dt * spring_force(q, k)
        q = q + dt * v
    return q


def spring_force_reverse(q, k, out_bar):
    return out_bar * (-k - 0.3 * q ** 2), -q * out_bar


def swing_grad(q, v, k, dt, steps):
    # forward sweep
    q_stack = []
    for i in range(steps):
        q_stack.append(q)
        v = v + dt * spring_force(q, k)
        q = q + dt * v
    # reverse sweep
    q_bar = 1.0
    v_bar = 0.0
    k_bar = 0.0
    for i in reversed(range(steps)):
        q = q_stack.pop()
        v_bar += dt * q_bar
        q_term, k_term = spring_force_reverse(q, k, dt * v_bar)
        q_bar += q_term
        k_bar += k_term
    return q_bar, v_bar, k_bar


# Buffers that are swapped.
def jacobi(a, b, steps):
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    return np.sum(a ** 2)


def jacobi_grad(a, b, steps):
    # forward sweep
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    # reverse sweep
    a_bar = 2 * a
    b_bar = np.zeros_like(b)
    for t in reversed(range(steps)):
        a_bar, b_bar = b_bar, a_bar
        mean_bar = 0.5 * b_bar[1:-1]
        a_bar[2:] += mean_bar
        a_bar[:-2] += mean_bar
        b_bar[1:-1] = 0.0
    return a_bar, b_bar


# A function that works by writing into its argument.
def relax(p, rhs, sweeps):
    for s in range(sweeps):
        old = p.copy()
        p[1:-1] = 0.5 * (old[2:] + old[:-2]) - rhs[1:-1] ** 2
        p[0] = p[1]


def misfit(p, rhs, sweeps):
    p = p.copy()
    relax(p, rhs, sweeps)
    return np.sum(p ** 2)


def relax_reverse(p_bar, rhs, rhs_bar, sweeps):
    for s in reversed(range(sweeps)):
        p_bar[1] += p_bar[0]
        p_bar[0] = 0.0
        rhs_bar[1:-1] -= 2 * rhs[1:-1] * p_bar[1:-1]
        old_bar = np.zeros_like(p_bar)
        old_bar[2:] += 0.5 * p_bar[1:-1]
        old_bar[:-2] += 0.5 * p_bar[1:-1]
        p_bar[1:-1] = 0.0
        p_bar += old_bar


def misfit_grad(p, rhs, sweeps):
    # forward sweep
    p = p.copy()
    relax(p, rhs, sweeps)
    # reverse sweep
    p_bar = 2 * p
    rhs_bar = np.zeros_like(rhs)
    relax_reverse(p_bar, rhs, rhs_bar, sweeps)
    return p_bar, rhs_bar


# A structure of parameters.
def network(layers, x, y):
    h = x
    for W, b in layers:
        h = np.tanh(W @ h + b)
    return np.sum((h - y) ** 2)


def network_grad(layers, x, y):
    # forward sweep
    h = x
    h_stack = []
    for W, b in layers:
        h_stack.append(h)
        h = np.tanh(W @ h + b)
    # reverse sweep
    layers_bar = []
    h_bar = 2 * (h - y)
    for W, b in reversed(layers):
        b_bar = h_bar * (1 - h ** 2)
        h = h_stack.pop()
        layers_bar.append((np.outer(b_bar, h), b_bar))
        h_bar = W.T @ b_bar
    layers_bar.reverse()
    return layers_bar


# Elimination in place. What the adjoint reads is final once it was read, so nothing needs to be saved.
def log_det(A):
    A = A.copy()
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    return np.sum(np.log(np.diag(A)))


def log_det_grad(A):
    # forward sweep
    A = A.copy()
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    # reverse sweep
    A_bar = np.diag(1 / np.diag(A))
    for k in reversed(range(n)):
        for i in reversed(range(k + 1, n)):
            A_bar[i, k] -= A[k, k + 1:] @ A_bar[i, k + 1:]
            A_bar[k, k + 1:] -= A[i, k] * A_bar[i, k + 1:]
            A_bar[k, k] -= A[i, k] * A_bar[i, k] / A[k, k]
            A_bar[i, k] /= A[k, k]
    return A_bar
