"""A training in phases, as data."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from boostgan_plugin import renamed

from .counted_steps import CountedSteps

_NETWORKS = ('discriminator', 'generator')


@dataclass(frozen=True)
class Phase:
    """What one step does.

    ``updates``: the networks that a step updates, in this order; one may be named several times.
    ``steps``: how long the phase lasts; None, for the last phase, is until the end.
    ``frozen_norms``: parts of the generator whose batch norms keep their statistics.
    """

    name: str
    updates: tuple[str, ...] = _NETWORKS
    steps: int | None = None
    frozen_norms: tuple[str, ...] = ()

    def freeze_norms(self, generator: nn.Module) -> None:
        """Put them into eval mode; to be called in each step, as ``train()`` thaws them."""
        for name in self.frozen_norms:
            for module in generator.get_submodule(name).modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.eval()


class PhaseSchedule(CountedSteps, nn.Module):
    """Knows the phase of each training step; the number of steps taken goes into checkpoints.

    In configs a phase may have a ``ratio`` of the training instead of ``steps``: see
    :func:`resolve_ratios`.

    Args:
        phases: keyword arguments of :class:`Phase`, in their order.

    Raises:
        ValueError: no phase, an unknown network, or a phase without ``steps`` that is not the
            last.
    """

    def __init__(self, phases: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.phases = [_phase(**phase) for phase in phases]
        if not self.phases:
            raise ValueError('phases: give at least one')
        for phase in self.phases[:-1]:
            if phase.steps is None:
                raise ValueError(f"phase '{phase.name}' is followed by another: give its steps")

    @property
    def current(self) -> Phase:
        """The phase of the step that comes next."""
        left = self.step
        for phase in self.phases[:-1]:
            left -= phase.steps
            if left < 0:
                return phase
        return self.phases[-1]

    def advance(self) -> None:
        """One step was taken."""
        self.step += 1


def resolve_ratios(phases: Sequence[MutableMapping[str, Any]], total: int) -> None:
    """Turn each ``ratio`` of a training of ``total`` steps into ``steps``, in place.

    Raises:
        ValueError: the last phase would never be reached.
    """
    for phase in phases:
        renamed.keys(phase, 'phases: ', share='ratio')
        if 'ratio' in phase:
            phase['steps'] = round(phase.pop('ratio') * total)
    before_last = sum(phase['steps'] for phase in phases[:-1])
    if before_last >= total:
        raise ValueError(
            f'the training ends after {total} steps, before its phase '
            f"'{phases[-1]['name']}', which would begin after {before_last}: give "
            'the phases ratios, or train longer'
        )


def _phase(
    name: str,
    updates: Sequence[str] = _NETWORKS,
    steps: int | None = None,
    frozen_norms: Sequence[str] = (),
    ratio: float | None = None,
) -> Phase:
    if ratio is not None:
        raise ValueError(
            f"phase '{name}' has a ratio of a training of unknown length: read the "
            'config with boostgan_plugin.apis.load_config, or give it steps'
        )
    unknown = set(updates) - set(_NETWORKS)
    if unknown or not updates:
        raise ValueError(
            f"phase '{name}' updates {', '.join(sorted(unknown)) or 'nothing'}; "
            f'it can update {" and ".join(_NETWORKS)}'
        )
    return Phase(name, tuple(updates), steps, tuple(frozen_norms))
