"""The length of a pendulum from a measured swing: the gradient runs back through the steps of a time integration."""
import math


def simulate(length: float, damping: float, times: list[float], angles: list[float]) -> float:
    """The sum of squared deviations from the measured angles."""
    angle, rate, dt = angles[0], 0.0, 0.01
    now, error = 0.0, 0.0
    for time, measured in zip(times, angles):
        while now < time:
            rate -= dt * (9.81 / length * math.sin(angle) + damping * rate)
            angle += dt * rate
            now += dt
        error += (angle - measured) ** 2
    return error


def main() -> None:
    from s2sad import value_and_grad

    times = [0.25 * i for i in range(12)]
    angles, angle, rate, now = [], 0.6, 0.0, 0.0
    for time in times:
        while now < time:
            rate -= 0.01 * (9.81 / 1.7 * math.sin(angle) + 0.1 * rate)
            angle += 0.01 * rate
            now += 0.01
        angles.append(angle)
    fit = value_and_grad(simulate, ("length", "damping"))
    length, damping = 1.4, 0.0
    for step in range(60):
        error, (length_bar, damping_bar) = fit(length, damping, times, angles)
        length, damping = length - 0.05 * length_bar, damping - 0.05 * damping_bar
        if step % 20 == 19:
            print(f"length {length:.4f} m  damping {damping:.4f}  error {error:.2e}")


if __name__ == "__main__":
    main()
