from collections.abc import Iterator, Mapping
from typing import Any

from mmengine.dist import master_only
from mmengine.hooks import Hook
from mmengine.runner import Runner


class ProvenanceHook(Hook):
    """Notes in each checkpoint what it was made with, and says what has changed when a training is
    resumed.

    Args:
        provenance: plain values, in dicts; ``meta['provenance']`` of the checkpoints.
    """

    def __init__(self, provenance: Mapping[str, Any]) -> None:
        self._provenance = dict(provenance)

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Note it."""
        checkpoint['meta']['provenance'] = self._provenance

    @master_only
    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare."""
        before = checkpoint.get('meta', {}).get('provenance')
        if runner._resume and before is not None:
            for line in _differences(before, self._provenance):
                runner.logger.warning(f'Since the checkpoint was written, {line}')


def _differences(before: Any, now: Any, name: str = '') -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in {**before, **now}:
            yield from _differences(before.get(key), now.get(key), f'{name} {key}'.strip())
    elif before != now:
        yield f'{name} has changed from {before} to {now}'
