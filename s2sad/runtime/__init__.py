"""The functions that generated derivatives may call: plain NumPy, each readable by itself.

Most derivatives call none of them; they stand where facts are missing, or where the mathematics does not fit one line.
"""
from s2sad.runtime.entries import (
    adjoint_of_inserted,
    adjoint_of_insertion,
    adjoint_of_meshgrid,
    adjoint_of_pad,
    adjoint_of_pad_value,
    adjoint_of_partition,
    adjoint_of_sort,
    adjoint_of_split,
    adjoint_of_take_along_axis,
    adjoint_of_unique,
    adjoint_of_unstack,
    adjoints_of_block,
    adjoints_of_select,
    positions,
    scattered,
    split_of_rows,
)
from s2sad.runtime.linear import (
    adjoint_of_dot_left,
    adjoint_of_dot_right,
    adjoint_of_inner_left,
    adjoint_of_inner_right,
    adjoint_of_matmul_left,
    adjoint_of_matmul_right,
    derivative_of_sinc,
    digamma,
)
from s2sad.runtime.reductions import (
    adjoint_of_cumsum,
    adjoint_of_extremum,
    adjoint_of_mean,
    adjoint_of_prod,
    adjoint_of_std,
    adjoint_of_var,
    adjoints_of_max,
    adjoints_of_min,
    adjoints_of_prod,
    adjoints_of_repetition,
    adjoints_of_sum,
    unreduced,
)
from s2sad.runtime.shapes import (
    part_of_concatenation,
    split_of_concatenation,
    unstacked,
    untransposed,
)
from s2sad.runtime.structure import (
    add,
    closed,
    copied,
    sum_to_shape,
    unbroadcast,
    zeros,
)

__all__ = [
    "add", "adjoint_of_cumsum", "adjoint_of_dot_left", "adjoint_of_dot_right", "adjoint_of_extremum", "adjoint_of_inner_left",
    "adjoint_of_inner_right", "adjoint_of_inserted", "adjoint_of_insertion", "adjoint_of_matmul_left", "adjoint_of_matmul_right",
    "adjoint_of_mean", "adjoint_of_meshgrid", "adjoint_of_pad", "adjoint_of_pad_value", "adjoint_of_partition", "adjoint_of_prod",
    "adjoint_of_sort", "adjoint_of_split", "adjoint_of_std", "adjoint_of_take_along_axis", "adjoint_of_unique", "adjoint_of_unstack",
    "adjoint_of_var", "adjoints_of_block", "adjoints_of_max", "adjoints_of_min", "adjoints_of_prod", "adjoints_of_repetition",
    "adjoints_of_select", "adjoints_of_sum", "closed", "copied", "derivative_of_sinc", "digamma", "part_of_concatenation", "positions",
    "scattered", "split_of_concatenation", "split_of_rows", "sum_to_shape", "unbroadcast", "unreduced", "unstacked", "untransposed",
    "zeros",
]
