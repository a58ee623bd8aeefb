"""What layers inside a network give."""

from collections.abc import Callable, Sequence

from torch import Tensor, nn


class _EnoughError(Exception):
    """The last layer that was asked for has run."""


def outputs_of_layers(
    network: nn.Module, layers: Sequence[str], run: Callable[[nn.Module], object]
) -> list[Tensor]:
    """The outputs of named modules during one run, which ends with the last of them.

    Args:
        layers: names of modules, in the order in which they run.
        run: how to call the network.

    Raises:
        ValueError: there is no such module, or one has not run when the last has.
    """
    modules = dict(network.named_modules())
    missing = [name for name in layers if name not in modules]
    if missing:
        raise ValueError(
            f'{type(network).__name__} has no layer {", ".join(missing)}; it has '
            f'{", ".join(name for name in modules if name.count(".") == 1)}'
        )
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Callable:
        def hook(module: nn.Module, inputs: tuple, output: Tensor) -> None:
            outputs[name] = output
            if name == layers[-1]:
                raise _EnoughError

        return hook

    handles = [modules[name].register_forward_hook(keep(name)) for name in layers]
    try:
        run(network)
    except _EnoughError:
        pass
    finally:
        for handle in handles:
            handle.remove()
    late = [name for name in layers if name not in outputs]
    if late:
        raise ValueError(
            f'{", ".join(late)} did not run up to {layers[-1]}: name layers in the '
            'order in which they run'
        )
    return [outputs[name] for name in layers]
