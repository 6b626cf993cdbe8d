"""A filter for images, learnt: the 3 x 3 kernel that undoes a blur, by slices of the image."""
import numpy as np


def filtered(image, kernel):
    """The image under a kernel, written slice by slice; the border stays as it is."""
    out = image.copy()
    rows, columns = image.shape
    out[1:-1, 1:-1] = 0.0
    for i in range(3):
        for j in range(3):
            out[1:-1, 1:-1] += kernel[i, j] * image[i:rows - 2 + i, j:columns - 2 + j]
    return out


def error(kernel, blurred, sharp):
    return np.mean((filtered(blurred, kernel) - sharp) ** 2)


def main() -> None:
    from s2sad import value_and_grad

    rng = np.random.default_rng(0)
    sharp = np.kron(rng.normal(size=(8, 8)), np.ones((4, 4)))
    blurred = filtered(sharp, np.full((3, 3), 1 / 9))
    kernel = np.zeros((3, 3))
    kernel[1, 1] = 1.0
    step = value_and_grad(error)
    for epoch in range(400):
        value, kernel_bar = step(kernel, blurred, sharp)
        kernel -= 0.2 * kernel_bar
        if epoch % 100 == 99:
            print(f"epoch {epoch + 1}  error {value:.4f}")
    print(np.round(kernel, 2))


if __name__ == "__main__":
    main()
