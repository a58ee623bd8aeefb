from collections.abc import Mapping

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Size, Tensor

from boostgan_plugin.registry import HOOKS
from boostgan_plugin.wrappers import unwrapped


@HOOKS.register_module()
class StrictResumeHook(Hook):
    """Refuses a checkpoint whose weights do not fit the model, instead of leaving some at random.

    mmengine loads what fits and only warns of the rest.
    """

    priority = 'HIGH'

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare names and shapes.

        Raises:
            ValueError: weights are missing, left over or of another shape.
        """
        wanted, given = (
            _shapes(unwrapped(runner.model).state_dict()),
            _shapes(checkpoint['state_dict']),
        )
        faults = dict(
            missing=wanted.keys() - given.keys(),
            unknown=given.keys() - wanted.keys(),
            reshaped={key for key in wanted.keys() & given.keys() if wanted[key] != given[key]},
        )
        if any(faults.values()):
            raise ValueError(
                'the checkpoint does not fit the model: '
                + '; '.join(
                    f'{len(keys)} {fault} ({", ".join(sorted(keys)[:3])})'
                    for fault, keys in faults.items()
                    if keys
                )
            )


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, Size]:
    """By name. The memories of mismatched pairs come and go with the batches."""
    return {name: weight.shape for name, weight in weights.items() if not name.endswith('.memory')}
