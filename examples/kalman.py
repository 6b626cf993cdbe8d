"""The noise levels of a Kalman filter, from the data: the likelihood of a series, differentiated with respect to a dataclass."""
import math
from dataclasses import dataclass

import numpy as np


@dataclass
class Noise:
    """Variances, as logarithms so that they stay positive."""

    process: float
    measurement: float


def surprise(noise, series):
    """The negative logarithm of the likelihood of a series, for a random walk that is measured with noise."""
    q = math.exp(noise.process)
    r = math.exp(noise.measurement)
    mean, variance, total = series[0], 1.0, 0.0
    for z in series[1:]:
        variance += q
        innovation = z - mean
        spread = variance + r
        total += 0.5 * (math.log(spread) + innovation ** 2 / spread)
        gain = variance / spread
        mean += gain * innovation
        variance *= 1 - gain
    return total


def main() -> None:
    from s2sad import value_and_grad

    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(scale=0.3, size=400))
    series = [float(z) for z in walk + rng.normal(scale=1.0, size=400)]
    fit = value_and_grad(surprise)
    noise = Noise(0.0, 0.0)
    for step in range(200):
        value, bar = fit(noise, series)
        noise = Noise(noise.process - 0.01 * bar.process, noise.measurement - 0.01 * bar.measurement)
    print(f"process noise {math.exp(noise.process / 2):.3f}  measurement noise {math.exp(noise.measurement / 2):.3f}  surprise {value:.2f}")


if __name__ == "__main__":
    main()
