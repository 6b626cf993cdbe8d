"""A small neural network fitted to data by gradient descent, its gradient one readable function."""
import numpy as np


def loss(W: np.ndarray, b: np.ndarray, w: np.ndarray, b2: float, x: np.ndarray, y: float) -> float:
    return (w @ np.maximum(W @ x + b, 0.0) + b2 - y) ** 2


def main() -> None:
    from s2sad import value_and_grad

    rng = np.random.default_rng(0)
    xs = rng.normal(size=(200, 3))
    ys = np.sin(xs[:, 0]) + xs[:, 1] * xs[:, 2]
    W, b, w, b2 = rng.normal(size=(16, 3)), np.zeros(16), 0.3 * rng.normal(size=16), 0.0
    step = value_and_grad(loss, ("W", "b", "w", "b2"))
    for epoch in range(20):
        total = 0.0
        for x, y in zip(xs, ys):
            value, (W_bar, b_bar, w_bar, b2_bar) = step(W, b, w, b2, x, y)
            total += value
            W, b, w, b2 = W - 0.01 * W_bar, b - 0.01 * b_bar, w - 0.01 * w_bar, b2 - 0.01 * b2_bar
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1:2d}  mean loss {total / len(xs):.4f}")
    print(step.source)


if __name__ == "__main__":
    main()
