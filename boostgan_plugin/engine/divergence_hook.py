from collections.abc import Mapping
import json
import math
from pathlib import Path

from mmengine.dist import all_gather_object, all_reduce, get_world_size, master_only
from mmengine.hooks import Hook
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.runner import Runner
import torch

from boostgan_plugin.checkpoint import first_not_finite
from boostgan_plugin.files import write_durably
from boostgan_plugin.registry import HOOKS
from boostgan_plugin.wrappers import unwrapped

from .gradient_guard import GradientGuard
from .logged import logged

#: File in a work directory whose training diverged: where and in what.
DIVERGED = 'diverged.json'


@HOOKS.register_module()
class DivergenceHook(Hook):
    """Leaves out steps that are no numbers, and ends a training that has nothing else any more.

    A step whose gradients are not finite is not applied. After ``patience`` such steps, or steps
    of such losses, in a row the training ends, and ``diverged.json`` in the work directory notes
    the ``iteration`` at which that began and ``what`` came first. It ends at once if the
    statistics of a norm are spoilt, as that cannot be undone.

    With a loss scale (float16) gradients are left to that, as it goes by their overflow.

    Args:
        patience: so many steps in a row; half of all, if those are fewer.
    """

    def __init__(self, patience: int = 10) -> None:
        self.patience = patience
        self._left_out, self._first = 0, None

    @property
    def left_out(self) -> int:
        """How many steps in a row were no numbers, up to now."""
        return self._left_out

    def before_train(self, runner: Runner) -> None:
        """Look at the weights that were loaded, and forget what an earlier training noted.

        Raises:
            ValueError: some are not finite.
        """
        name = first_not_finite(_state(runner))
        if name is not None:
            raise ValueError(
                f'{name} is not finite before the first step: the weights that were '
                'loaded there are damaged, or of a training that diverged'
            )
        _forget(runner)
        self._left_out, self._first = 0, None
        self._guards = {
            name: GradientGuard(wrapper.optimizer)
            for name, wrapper in _optim_wrappers(runner).items()
            if not hasattr(wrapper, 'loss_scaler')
        }

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """Count the steps in a row that are no numbers.

        Raises:
            FloatingPointError: there were too many.
        """
        term = self._first_bad_term(runner, outputs or {}, self._gradient_norms(runner))
        if not _in_any_process(term is not None):
            self._left_out, self._first = 0, None
            return
        spoilt = first_not_finite(dict(unwrapped(runner.model).named_buffers()))
        terms, spoilt = (
            next(filter(None, each), None) for each in zip(*all_gather_object((term, spoilt)))
        )
        self._left_out += 1
        self._first = self._first or (runner.iter + 1, terms)
        runner.logger.warning(f'Step {runner.iter + 1} is left out: {terms} is not finite')
        if spoilt or self._left_out >= min(self.patience, max(1, runner.max_iters // 2)):
            _end(
                runner,
                *self._first,
                f', and {spoilt} cannot be told any more'
                if spoilt
                else f' ({self._left_out} steps in a row)',
            )

    def _gradient_norms(self, runner: Runner) -> dict[str, float]:
        """Of the optimizers that made a step. They are logged, but those that mmengine clips and
        logs itself."""
        taken = {name: guard.take() for name, guard in self._guards.items()}
        norms = {name: norm for name, norm in taken.items() if norm is not None}
        wrappers = _optim_wrappers(runner)
        for name, norm in norms.items():
            if not wrappers[name].clip_grad_kwargs:
                runner.message_hub.update_scalar(f'train/{name}_grad_norm', norm)
        return norms

    def _first_bad_term(
        self, runner: Runner, losses: Mapping, norms: Mapping[str, float]
    ) -> str | None:
        """A part of a loss rather than the total, a loss rather than the gradients."""
        bad = [name for name in losses if not math.isfinite(logged(runner, name, losses[name]))]
        totals = [name for name in bad if name == 'loss' or name.startswith('loss_')]
        left_out = [name for name, norm in norms.items() if not math.isfinite(norm)]
        if totals:
            return next((name for name in bad if name not in totals), totals[0])
        return f'the gradient of the {left_out[0]}' if left_out else None


def refuse_not_finite(runner: Runner) -> None:
    """To be called before a checkpoint is written.

    Raises:
        FloatingPointError: weights, or what an optimizer remembers, are not finite.
    """
    optimizers = {
        f'optimizer of the {name}': wrapper.optimizer.state_dict()['state']
        for name, wrapper in _optim_wrappers(runner).items()
    }
    name = first_not_finite(_state(runner) | optimizers)
    if name is not None:
        _end(runner, runner.iter + 1, name, '')


def _state(runner: Runner) -> dict[str, torch.Tensor]:
    model = unwrapped(runner.model)
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def _optim_wrappers(runner: Runner) -> dict[str, OptimWrapper]:
    wrappers = runner.optim_wrapper
    if isinstance(wrappers, OptimWrapperDict):
        return dict(wrappers.items())
    return dict(model=wrappers)


def _in_any_process(bad: bool) -> bool:
    if get_world_size() == 1:
        return bad
    found = torch.tensor(float(bad))
    all_reduce(found, 'max')
    return bool(found)


def _end(runner: Runner, iteration: int, what: str, more: str) -> None:
    _note(runner, iteration, what)
    raise FloatingPointError(
        f'the training diverged: {what} is not finite from iteration {iteration} on{more}'
    )


@master_only
def _note(runner: Runner, iteration: int, what: str) -> None:
    write_durably(
        Path(runner.work_dir) / DIVERGED, json.dumps(dict(iteration=iteration, what=what))
    )


@master_only
def _forget(runner: Runner) -> None:
    (Path(runner.work_dir) / DIVERGED).unlink(missing_ok=True)
