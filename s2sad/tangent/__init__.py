"""Forward mode: the function with the tangent of each active statement beside it (Griewank & Walther, *Evaluating Derivatives*, chapter 3).

- `operands`: the arguments of an operation by the parameters of its rule, and the operation with others in their place;
- `activity`: which variables have tangents where;
- `expose`: opens what no statement can mirror as it stands;
- `zero`: the tangents of what does not vary;
- `expression`: the tangent of an expression;
- `statement`: each statement with its tangent;
- `function`: a whole function, and the functions that it calls.
"""
