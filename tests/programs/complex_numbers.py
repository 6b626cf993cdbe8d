"""Complex numbers on the way: real parts of them that meet complex numbers again."""
import numpy as np

from . import case, normal

W = np.array([0.3 - 1.1j, 0.7 + 0.2j, -0.4 + 0.9j])


def state(x):
    return x[:3] + 1j * x[3:]


@case(normal(6))
def imaginary_part_times_i(x):
    return np.sum(np.real(W * (1j * np.imag(state(x)))))


@case(normal(6))
def angles_and_moduli(x):
    z = state(x)
    return np.real(np.sum(W * np.angle(z))) + np.real(np.sum(W * np.abs(z) ** 2)) + np.imag(np.sum(W * np.sqrt(np.abs(z)) * z))


@case(normal(6))
def real_part_in_a_branch(x):
    z = state(x)
    return np.real(np.sum(W * np.where(np.real(z) > 0, np.real(z), 0) * z))


@case(normal(6))
def parts_of_elements(x):
    z = state(x)
    return np.real(W[0] * (1j * np.imag(z[0])) + W[1] * abs(z[1]) + z[2].real * W[2] * z[2].imag)


@case(normal(6))
def parts_in_variables(x):
    z = state(x)
    r, t = z.real, np.imag(z)
    y = 1j * t * np.eye(3) / np.array([1.0, 2.0, 3.0]) + r * W
    return np.real(np.sum(W @ y)) + np.sum(np.abs(y)) + np.real(W @ t)


@case(normal(4))
def density_of_a_wave(x):
    psi = np.exp(1j * x) * x
    for _ in range(3):
        psi = np.fft.ifft(np.exp(-0.1j * np.arange(4)) * np.fft.fft(psi))
        psi = psi * np.exp(-0.2j * np.abs(psi) ** 2)
    return np.sum(np.abs(psi) ** 2 * np.arange(4)) + np.sum(np.angle(psi))
