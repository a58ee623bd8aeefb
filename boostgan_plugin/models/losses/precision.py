import torch
from torch import Tensor


def at_least_float32(values: Tensor) -> Tensor:
    """Half precision is widened, as means of logarithms need it; float64 stays."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
