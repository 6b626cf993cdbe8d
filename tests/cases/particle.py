"""An object of a class that a method changes."""


class Particle:
    def __init__(self, position, velocity):
        self.position = position
        self.velocity = velocity

    def step(self, force, dt):
        self.velocity += dt * force
        self.position += dt * self.velocity


def flight(v, g, steps):
    p = Particle(0.0, v)
    for _ in range(steps):
        p.step(-g * p.position, 0.1)
    return p.position ** 2


CASE = {"function": flight, "args": (1.5, 0.8, 4), "wrt": ("v", "g")}


# The derivative


from cases.particle import Particle
from s2sad.runtime import zeros


def flight_grad(v, g, steps):
    # forward sweep
    p = Particle(0.0, v)
    p_stack = []
    for _ in range(steps):
        force = -g * p.position
        p_stack.append(p.velocity)
        p.velocity += 0.1 * force
        p_stack.append(p.position)
        p.position += 0.1 * p.velocity
    # reverse sweep
    p_bar = zeros(p)
    p_bar.position += 2 * p.position
    g_bar = 0.0
    for _ in reversed(range(steps)):
        p.position = p_stack.pop()
        p_bar.velocity += 0.1 * p_bar.position
        p.velocity = p_stack.pop()
        force_bar = 0.1 * p_bar.velocity
        g_bar -= force_bar * p.position
        p_bar.position -= force_bar * g
    v_bar = p_bar.velocity
    return v_bar, g_bar
