"""A planet that is to pass another: the launch velocity, by Newton's method through an N-body simulation.

Positions and velocities are updated in place by a leapfrog scheme, in a function that writes into its arguments.
"""
import numpy as np

DT = 0.01


def advance(pos, vel, mass):
    """One step of the leapfrog scheme, in place."""
    gap = pos[None, :] - pos[:, None]
    pull = (np.sum(gap ** 2, axis=-1) + 1e-3) ** -1.5
    vel += DT * np.sum(gap * (pull * mass)[:, :, None], axis=1)
    pos += DT * vel


def miss(speed, pos, vel, mass, steps):
    """The squared distance between the last two bodies at the end; `speed` is that of the last."""
    pos = pos.copy()
    vel = vel.copy()
    vel[-1] = speed
    for step in range(steps):
        advance(pos, vel, mass)
    return np.sum((pos[-1] - pos[-2]) ** 2)


def main() -> None:
    from s2sad import value_and_grad

    pos = np.array([[0.0, 0.0], [1.5, 0.0], [1.0, 0.0]])
    vel = np.array([[0.0, 0.0], [0.0, 0.8], [0.0, 0.0]])
    mass = np.array([1.0, 1e-3, 1e-6])
    aim = value_and_grad(miss)
    speed = np.array([0.1, 1.0])
    for step in range(60):
        distance, speed_bar = aim(speed, pos, vel, mass, 150)
        speed -= 0.1 * speed_bar
        if step % 20 == 19:
            print(f"speed {speed[0]:.4f} {speed[1]:.4f}  distance {distance ** 0.5:.5f}")


if __name__ == "__main__":
    main()
