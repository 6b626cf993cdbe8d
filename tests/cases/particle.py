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
