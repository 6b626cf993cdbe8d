"""A network whose layers are a list of pairs: the gradient is such a list, and training updates the parameters in place."""
import numpy as np


def loss(layers, x, y):
    """The mean squared error over a batch, one row a sample."""
    h = x
    for W, b in layers[:-1]:
        h = np.tanh(h @ W + b)
    W, b = layers[-1]
    return np.mean((h @ W + b - y) ** 2)


def main() -> None:
    from s2sad import value_and_grad

    rng = np.random.default_rng(0)
    sizes = [2, 24, 24, 1]
    layers = [(rng.normal(size=(m, n)) / np.sqrt(m), np.zeros(n)) for m, n in zip(sizes, sizes[1:])]
    speed = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    x = rng.uniform(-2, 2, size=(256, 2))
    y = (np.sin(2 * x[:, 0]) * np.cos(x[:, 1]))[:, None]
    step = value_and_grad(loss)
    for epoch in range(300):
        error, layers_bar = step(layers, x, y)
        for (W, b), (W_speed, b_speed), (W_bar, b_bar) in zip(layers, speed, layers_bar):
            W_speed *= 0.9
            W_speed -= 0.05 * W_bar
            b_speed *= 0.9
            b_speed -= 0.05 * b_bar
            W += W_speed
            b += b_speed
        if epoch % 100 == 99:
            print(f"epoch {epoch + 1}  error {error:.4f}")


if __name__ == "__main__":
    main()
