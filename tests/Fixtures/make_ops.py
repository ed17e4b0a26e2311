"""Writes ops.json: for every differentiable operation its output and gradients, computed by PyTorch in float64."""
import ops_network  # noqa: F401  (each module adds its cases when it is imported)
import ops_pointwise  # noqa: F401
import ops_reduce  # noqa: F401
import ops_shape  # noqa: F401
from fixture_json import write_cases
from op_case import CASES

write_cases("ops.json", sorted(CASES, key=lambda c: c["op"]))
