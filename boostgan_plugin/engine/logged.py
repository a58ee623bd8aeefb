from mmengine.runner import Runner
from torch import Tensor


def logged(runner: Runner, name: str, value: Tensor | float) -> float:
    """A loss as mmengine has already fetched it from the device."""
    buffer = runner.message_hub.log_scalars.get(f'train/{name}')
    return float(value) if buffer is None else buffer.current()
