"""How high does a rocket fly, and how does that depend on its thrust?

A model as engineers write it: a time loop, a branch for the burn, an early exit at the top of the flight.
`python -m s2sad examples/rocket.py` prints the gradients; `python examples/rocket.py` uses one to find the thrust for a given height.
"""
import math

GRAVITY = 9.81


def drag(speed: float, height: float) -> float:
    density = 1.2 * math.exp(-height / 8500.0)
    return 0.002 * density * speed * abs(speed)


def peak(thrust: float, burn: float, fuel: float, dt: float = 0.05) -> float:
    """The height in metres at which the rocket stops rising; masses in kilograms, thrust in newtons, times in seconds."""
    height, speed, mass = 0.0, 0.0, 5.0 + fuel
    for step in range(10000):
        force = -drag(speed, height) - mass * GRAVITY
        if step * dt < burn:
            force += thrust
            mass -= fuel / burn * dt
        speed += force / mass * dt
        if speed < 0.0:
            break
        height += speed * dt
    return height


def main() -> None:
    from s2sad import value_and_grad

    rise = value_and_grad(peak)
    thrust, goal = 200.0, 1000.0
    for _ in range(8):
        height, slope = rise(thrust, 3.0, 2.0)
        print(f"thrust {thrust:7.2f} N  height {height:8.2f} m  slope {slope:6.3f} m/N")
        thrust += (goal - height) / slope
    print(rise.source)


if __name__ == "__main__":
    main()
