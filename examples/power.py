"""Powers by repeated multiplication: a `while` loop whose derivative is n * x ** (n - 1)."""


def power(x: float, n: int) -> float:
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r
