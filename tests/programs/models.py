"""Realistic programs of ten to forty lines, without changes in place: integrators, filters, solvers, networks, finance, series, dynamic programming."""
import math
from dataclasses import dataclass

import numpy as np

from . import case, definite, dominant, normal, uniform


@case(0.5, 0.1, 2.0, 0.3, 0.05, 20)
def damped_pendulum_rk4(theta, omega, length, damping, dt, steps):
    def derivative(theta, omega):
        return omega, -9.81 / length * math.sin(theta) - damping * omega

    for _ in range(steps):
        k1t, k1w = derivative(theta, omega)
        k2t, k2w = derivative(theta + dt / 2 * k1t, omega + dt / 2 * k1w)
        k3t, k3w = derivative(theta + dt / 2 * k2t, omega + dt / 2 * k2w)
        k4t, k4w = derivative(theta + dt * k3t, omega + dt * k3w)
        theta = theta + dt / 6 * (k1t + 2 * k2t + 2 * k3t + k4t)
        omega = omega + dt / 6 * (k1w + 2 * k2w + 2 * k3w + k4w)
    return 0.5 * omega ** 2 - 9.81 / length * math.cos(theta)


def lorenz(state, sigma, rho, beta):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


@case(normal(3), 10.0, 28.0, 8 / 3, 15)
def lorenz_midpoint(state, sigma, rho, beta, steps):
    dt = 0.01
    for _ in range(steps):
        half = state + 0.5 * dt * lorenz(state, sigma, rho, beta)
        state = state + dt * lorenz(half, sigma, rho, beta)
    return state @ state / 100


@case(np.array([10.0, 5.0]), 1.1, 0.4, 0.1, 0.4)
def lotka_volterra(population, alpha, beta, delta, gamma):
    prey, predators = population
    path = 0.0
    for _ in range(25):
        born = alpha * prey
        eaten = beta * prey * predators
        prey, predators = prey + 0.02 * (born - eaten), predators + 0.02 * (delta * prey * predators - gamma * predators)
        path += abs(prey - 8.0)
    return path / 25


@case(1.0, 0.1, 1e-3, wrt=(0, 1))
def adaptive_step_integrator(y, rate, tolerance):
    t, h = 0.0, 0.3
    steps = 0
    while t < 1.0 and steps < 200:
        if t + h > 1.0:
            h = 1.0 - t
        full = y + h * (rate - y * y)
        half = y + h / 2 * (rate - y * y)
        two_halves = half + h / 2 * (rate - half * half)
        error = abs(full - two_halves)
        if error > tolerance:
            h = h / 2
            steps += 1
            continue
        y = 2 * two_halves - full
        t = t + h
        if error < tolerance / 8:
            h = h * 2
        steps += 1
    return y


@case(1.0, 3.0)
def newton_root(x, c):
    for iteration in range(30):
        f = x ** 3 + c * x - 5
        if abs(f) < 1e-13:
            break
        x = x - f / (3 * x * x + c)
    else:
        raise ArithmeticError("no convergence")
    return x * c


@case(2.0)
def bisection_then_newton(c):
    low, high = 0.0, c + 1
    for _ in range(5):
        middle = 0.5 * (low + high)
        if middle * middle * middle > c:
            high = middle
        else:
            low = middle
    x = 0.5 * (low + high)
    for _ in range(4):
        x = x - (x ** 3 - c) / (3 * x ** 2)
    return x


@case(100.0, 95.0, 0.5, 0.02, 0.3, "call")
@case(100.0, 95.0, 0.5, 0.02, 0.3, "put")
def black_scholes(spot, strike, maturity, rate, volatility, kind):
    def cdf(x):
        return 0.5 * (1 + math.erf(x / math.sqrt(2)))

    spread = volatility * math.sqrt(maturity)
    d1 = (math.log(spot / strike) + (rate + volatility ** 2 / 2) * maturity) / spread
    d2 = d1 - spread
    discount = math.exp(-rate * maturity)
    if kind == "call":
        return spot * cdf(d1) - strike * discount * cdf(d2)
    elif kind == "put":
        return strike * discount * cdf(-d2) - spot * cdf(-d1)
    raise ValueError(f"unknown kind {kind!r}")


@case(100.0, 97.0, 0.05, 0.2, 6)
def binomial_american_put(spot, strike, rate, volatility, steps):
    dt = 1.0 / steps
    up = np.exp(volatility * np.sqrt(dt))
    p = (np.exp(rate * dt) - 1 / up) / (up - 1 / up)
    prices = spot * up ** np.arange(-steps, steps + 1, 2)
    values = np.maximum(strike - prices, 0)
    for level in range(steps - 1, -1, -1):
        prices = spot * up ** np.arange(-level, level + 1, 2)
        values = np.exp(-rate * dt) * (p * values[1:] + (1 - p) * values[:-1])
        values = np.maximum(values, strike - prices)
    return values[0]


@case(100.0, 0.03, 0.25, normal(4, 8))
def monte_carlo_asian(spot, rate, volatility, shocks):
    total = 0.0
    for path in shocks:
        s = spot
        average = 0.0
        for z in path:
            s = s * np.exp((rate - volatility ** 2 / 2) / 8 + volatility * np.sqrt(1 / 8) * z)
            average += s / len(path)
        total += max(average - 98.0, 0.0)
    return np.exp(-rate) * total / len(shocks)


@case(np.array([1000.0, 1050.0, 1103.0]), 0.04)
def present_value(cash_flows, rate):
    """Net present value, with a rate that rises over the years."""
    value = 0.0
    discount = 1.0
    for year, flow in enumerate(cash_flows, start=1):
        discount /= 1 + rate + 0.001 * year
        value += flow * discount
    return value / 1000


@case(normal(2), definite(2), np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([[1.0, 0.0]]), 0.1 * np.eye(2), np.array([[0.5]]), np.array([0.3]))
def kalman_step(x, P, F, H, Q, R, z):
    x = F @ x
    P = F @ P @ F.T + Q
    innovation = z - H @ x
    S = H @ P @ H.T + R
    gain = P @ H.T / S[0, 0]
    x = x + gain @ innovation
    P = (np.eye(len(x)) - gain @ H) @ P
    log_likelihood = -0.5 * (innovation @ innovation / S[0, 0] + np.log(2 * np.pi * S[0, 0]))
    return log_likelihood + np.sum(x ** 2) + np.trace(P)


@case(uniform(6), 0.2, 0.5)
def scalar_kalman_filter(observations, q, r):
    mean, variance = 0.0, 1.0
    likelihood = 0.0
    for y in observations:
        variance = variance + q
        s = variance + r
        likelihood -= 0.5 * (math.log(s) + (y - mean) ** 2 / s)
        gain = variance / s
        mean = mean + gain * (y - mean)
        variance = (1 - gain) * variance
    return likelihood


@case(normal(3), 0.2, normal(8, 3), np.array([0, 1, 1, 0, 1, 0, 0, 1]), wrt=("w", "b", "X"))
def logistic_regression(w, b, X, labels):
    logits = X @ w + b
    losses = np.log1p(np.exp(-np.abs(logits))) + np.maximum(logits, 0) - labels * logits
    return np.mean(losses) + 0.01 * np.sum(w ** 2)


@case(normal(4, 3), normal(3), normal(6, 4), np.array([0, 2, 1, 1, 0, 2]), wrt=(0, 1, 2))
def softmax_classifier(W, b, X, labels):
    scores = X @ W + b
    scores = scores - scores.max(axis=1, keepdims=True)
    log_norm = np.log(np.exp(scores).sum(axis=1))
    return -np.mean(scores[np.arange(len(labels)), labels] - log_norm)


@case(normal(3, 3, scale=0.5), normal(3, 2), normal(3), normal(5, 2), normal(3, seed=4))
def rnn_loop(W, U, b, inputs, w_out):
    h = np.zeros(3)
    loss = 0.0
    for t, x in enumerate(inputs):
        h = np.tanh(W @ h + U @ x + b)
        loss += (w_out @ h - np.sin(t)) ** 2
    return loss / len(inputs)


@case({"Wf": normal(2, 5), "Wi": normal(2, 5, seed=1), "Wo": normal(2, 5, seed=2), "Wc": normal(2, 5, seed=3)}, normal(4, 3))
def lstm(params, sequence):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    h = np.zeros(2)
    c = np.zeros(2)
    for x in sequence:
        v = np.concatenate([h, x])
        f = sigmoid(params["Wf"] @ v)
        i = sigmoid(params["Wi"] @ v)
        o = sigmoid(params["Wo"] @ v)
        c = f * c + i * np.tanh(params["Wc"] @ v)
        h = o * np.tanh(c)
    return np.sum(h ** 2)


@case(normal(4, 3), normal(3, 3), normal(3, 3, seed=1), normal(3, 3, seed=2))
def attention_layer(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    scores = q @ k.T / np.sqrt(k.shape[1])
    causal = np.tril(np.ones(scores.shape)) > 0
    scores = np.where(causal, scores, -1e9)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    out = weights @ v
    mean = out.mean(axis=-1, keepdims=True)
    std = np.sqrt(((out - mean) ** 2).mean(axis=-1, keepdims=True) + 1e-6)
    return np.sum(((out - mean) / std) ** 3)


@case(normal(8), normal(3))
def convolution_by_sums(signal, kernel):
    n, k = len(signal), len(kernel)
    energy = 0.0
    for i in range(n - k + 1):
        s = 0.0
        for j in range(k):
            s += signal[i + j] * kernel[j]
        energy += s * s if s > 0 else 0.01 * s * s
    return energy


@case(normal(5, 5), normal(2, 2), 0.1)
def convolution_2d_by_windows(image, kernel, bias):
    total = 0.0
    for i in range(4):
        for j in range(4):
            patch = image[i:i + 2, j:j + 2]
            a = np.sum(patch * kernel) + bias
            total += np.tanh(a)
    return total / 16


@case((1.0, -0.5, 0.25, 2.0), 0.7)
@case(np.array([1.0, -0.5, 0.25, 2.0]), 0.7)
def horner(coefficients, x):
    value = 0.0
    for c in reversed(coefficients):
        value = value * x + c
    return value


@case(0.8, 12)
def continued_fraction(x, depth):
    """The tangent, by Lambert's continued fraction."""
    value = 2.0 * depth + 1
    for k in range(depth, 0, -1):
        value = (2 * k - 1) - x * x / value
    return x / value


@case(0.6)
def exponential_series(x):
    total = term = 1.0
    n = 0
    while abs(term) > 1e-16 and n < 60:
        n += 1
        term *= x / n
        total += term
    return total


@case(0.6, 8)
def chebyshev(x, n):
    previous, current = 1.0, x
    total = previous + 0.5 * current
    for k in range(2, n):
        previous, current = current, 2 * x * current - previous
        total += current / k ** 2
    return total


@case(1.3, 2.4)
def arithmetic_geometric_mean(a, b):
    for _ in range(6):
        a, b = (a + b) / 2, math.sqrt(a * b)
    return a


@case(0.1, 0.3, 30)
@case(-0.9, 0.6, 30)
def escape_loop(cr, ci, limit):
    """Mandelbrot's iteration, with the distance of the escaped point."""
    zr, zi = 0.0, 0.0
    for n in range(limit):
        zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
        size = zr * zr + zi * zi
        if size > 4:
            return math.log(size) / 2 ** n
    return zr * zr - zi


@case(normal(5), normal(4))
def time_warping(a, b):
    """Dynamic programming over rows, each a tuple."""
    infinity = 1e9
    row = (0.0,) + (infinity,) * len(b)
    for i in range(len(a)):
        new = (infinity,)
        for j in range(len(b)):
            cost = (a[i] - b[j]) ** 2
            new = new + (cost + min(row[j], row[j + 1], new[j]),)
        row = new
    return row[len(b)]


@case(uniform(3), uniform(3, 3), uniform(3, 2), [0, 1, 1, 0, 1], wrt=(0, 1, 2))
def hmm_forward(start, transitions, emissions, observed):
    start = start / start.sum()
    transitions = transitions / transitions.sum(axis=1, keepdims=True)
    emissions = emissions / emissions.sum(axis=1, keepdims=True)
    alpha = start * emissions[:, observed[0]]
    log_likelihood = 0.0
    for symbol in observed[1:]:
        norm = np.sum(alpha)
        log_likelihood += np.log(norm)
        alpha = (alpha / norm) @ transitions * emissions[:, symbol]
    return log_likelihood + np.log(alpha.sum())


@case(normal(2, 6), 1.5, 0.8)
def spring_chain(positions, stiffness, rest):
    energy = 0.0
    for i in range(positions.shape[1] - 1):
        d = positions[:, i + 1] - positions[:, i]
        length = np.sqrt(d @ d + 1e-9)
        energy += 0.5 * stiffness * (length - rest) ** 2
    return energy + 9.81 * positions[1].sum() * 0.1


@case(normal(5, 3, scale=2))
def lennard_jones(positions):
    energy = 0.0
    n = len(positions)
    for i in range(n):
        for j in range(i + 1, n):
            d = positions[i] - positions[j]
            r2 = np.sum(d ** 2) + 1.0
            if r2 > 25:
                continue
            inverse = 1 / r2 ** 3
            energy += 4 * (inverse ** 2 - inverse)
    return energy


@case(definite(4), normal(4), 4)
def conjugate_gradients(A, b, iterations):
    x = np.zeros(len(b))
    r = b - A @ x
    p = r
    rs = r @ r
    for _ in range(iterations):
        Ap = A @ p
        alpha = rs / (p @ Ap)
        x = x + alpha * p
        r = r - alpha * Ap
        new = r @ r
        p = r + new / rs * p
        rs = new
    return np.sum(x ** 2)


@case(normal(3), normal(6, 3), normal(6), 0.05, 0.9)
def training_with_momentum(w, X, y, rate, momentum):
    velocity = np.zeros_like(w)
    for epoch in range(8):
        gradient = X.T @ (X @ w - y) / len(y)
        velocity = momentum * velocity - rate * gradient
        w = w + velocity
    return np.mean((X @ w - y) ** 2)


@case(0.3, 0.8, -0.5)
def robot_arm(q1, q2, q3):
    lengths = (1.0, 0.7, 0.4)
    x = y = angle = 0.0
    for q, length in zip((q1, q2, q3), lengths):
        angle += q
        x += length * math.cos(angle)
        y += length * math.sin(angle)
    return math.hypot(x - 1.2, y - 0.9)


@case(1.2, 0.3, 0.05, wrt=(0, 1))
def shooting_method(slope, stiffness, h):
    def shoot(s):
        y, v = 0.0, s
        t = 0.0
        while t < 0.999:
            v = v - h * stiffness * math.exp(y)
            y = y + h * v
            t = t + h
        return y

    miss = shoot(slope) - 1.0
    secant = (shoot(slope * 1.01) - 1.0 - miss) / (0.01 * slope)
    better = slope - miss / secant
    return shoot(better) + better


@dataclass
class Rocket:
    mass: float
    thrust: float
    burn: float


@case(Rocket(10.0, 300.0, 1.02), 0.02, wrt=(0, 1))
def rocket_flight(rocket, drag):
    height, speed, mass = 0.0, 0.0, rocket.mass
    t, dt = 0.0, 0.1
    for step in range(25):
        burning = t < rocket.burn
        force = rocket.thrust if burning else 0.0
        acceleration = (force - drag * speed * abs(speed)) / mass - 9.81
        speed += dt * acceleration
        height += dt * speed
        if burning:
            mass -= dt * 0.02 * force / 9.81
        t += dt
    return height


@case(2.0, 1.0, 0.4)
def planet_orbit(x, vy, eccentric):
    y, vx = 0.0, 0.0
    dt = 0.02
    for _ in range(40):
        r3 = (x * x + y * y) ** 1.5
        vx -= dt * x / r3 * (1 + eccentric)
        vy -= dt * y / r3
        x += dt * vx
        y += dt * vy
    energy = 0.5 * (vx ** 2 + vy ** 2) - 1 / math.sqrt(x ** 2 + y ** 2)
    return energy * x


@case(0.9, 0.1, 10.0)
def sir_epidemic(beta, gamma, infected):
    s, i, r = 990.0, infected, 0.0
    peak = 0.0
    for day in range(30):
        new = beta * s * i / 1000
        recovered = gamma * i
        s, i, r = s - new, i + new - recovered, r + recovered
        peak = max(peak, i)
    return peak / 100 + r / 1000


@case(normal(7), 1.3)
def huber_regression(residuals, delta):
    total = 0.0
    for r in residuals:
        a = abs(r)
        total += 0.5 * r * r if a <= delta else delta * (a - 0.5 * delta)
    return total


@case(0.4, 3.6, 5)
def logistic_map_lyapunov(x, r, n):
    total = 0.0
    for _ in range(n):
        total += math.log(abs(r * (1 - 2 * x)))
        x = r * x * (1 - x)
    return total / n


@case(normal(4), 0.3)
def mixture_of_gaussians(means, x):
    widths = np.array([0.5, 1.0, 1.5, 2.0])
    densities = np.exp(-0.5 * ((x - means) / widths) ** 2) / (widths * np.sqrt(2 * np.pi))
    weights = np.exp(means) / np.exp(means).sum()
    return np.log(weights @ densities)


@case(normal(6, 2), 3)
def soft_k_means(points, k):
    centres = points[:k]
    for _ in range(3):
        distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=-1)
        weights = np.exp(-distances)
        weights = weights / weights.sum(axis=1, keepdims=True)
        centres = weights.T @ points / weights.sum(axis=0)[:, None]
    return np.sum(centres ** 2 * np.arange(k)[:, None])


@case(normal(5), normal(5, seed=1), 2.2)
def ray_through_spheres(origin, direction, radius):
    d = direction / np.sqrt(direction @ direction)
    b = 2 * origin @ d
    c = origin @ origin - radius ** 2 - 9
    discriminant = b * b - 4 * c
    if discriminant < 0:
        return 0.0 * radius
    root = np.sqrt(discriminant)
    near, far = (-b - root) / 2, (-b + root) / 2
    return near if near > 0 else far * 2


@case(dominant(3), normal(3))
def jacobi_iteration_without_writes(A, b):
    diagonal = A[np.arange(3), np.arange(3)]
    off = A - np.eye(3) * diagonal
    x = np.zeros_like(b)
    for k in range(50):
        new = (b - off @ x) / diagonal
        if np.max(np.abs(new - x)) < 1e-3:
            x = new
            break
        x = new
    return x @ x


@case(normal(3), normal(3, seed=1), 0.3)
def quaternion_rotation(v, axis, angle):
    def cross(a, b):
        return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])

    axis = axis / np.sqrt(np.sum(axis ** 2))
    s, c = np.sin(angle / 2), np.cos(angle / 2)
    u = s * axis
    t = 2 * cross(u, v)
    rotated = v + c * t + cross(u, t)
    return rotated[0] * rotated[1] + rotated[2]
