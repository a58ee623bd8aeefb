"""One training to which everything happens, in random order and at random moments.

A few of each kind; with ENDURANCE=full 20 kills, 10 signals, 5 damaged checkpoints and 2 full
disks. ENDURANCE_SEED draws other moments.
"""

import os
from pathlib import Path
import random
import signal

import pytest

from boostgan_plugin.checkpoint import checkpoints_in, newest_whole
from tests.conftest import small_boostgan
from tests.end_to_end.small_trainings import (
    DAMAGES,
    assert_same_end,
    resumed,
    run,
    small_training,
)

BUDGETS = dict(
    small=dict(kill=3, signal=2, damage=1, disk=1), full=dict(kill=20, signal=10, damage=5, disk=2)
)
#: How far a training comes at most before the next thing happens to it, in iterations.
REACH = 5


class Ordeal:
    """What happens to a training, each time while it goes on from what was left."""

    def __init__(self, config, folder: Path, chance: random.Random) -> None:
        self.config, self.work, self.chance = config, folder / 'work', chance
        self.errors = folder / 'errors'

    def _start(self, **hook) -> int:
        config = resumed(self.config)
        config.custom_hooks = [*config.custom_hooks, hook]
        return run(config, self.errors)

    def _strike(self, number: int, steps: int) -> int:
        return self._start(
            type='StrikeAfter', number=int(number), steps=steps, ratio=self.chance.random()
        )

    def kill(self) -> None:
        assert self._strike(signal.SIGKILL, self.chance.randint(1, 3)) == -signal.SIGKILL

    def signal(self) -> None:
        assert self._strike(signal.SIGTERM, self.chance.randint(1, 3)) == 128 + signal.SIGTERM
        assert not newest_whole(self.work).passed_over

    def damage(self) -> None:
        assert self._strike(signal.SIGKILL, 3) == -signal.SIGKILL
        newest = checkpoints_in(self.work)[0]
        DAMAGES[self.chance.choice(sorted(DAMAGES))][0](newest)
        assert newest_whole(self.work).path != newest

    def disk(self) -> None:
        found = newest_whole(self.work) if self.work.exists() else None
        done = found.iteration if found else 0
        assert self._start(type='FullDiskAt', iteration=done + 2) == 1
        assert self.errors.read_text().splitlines()[-1].startswith('OSError')
        assert newest_whole(self.work).iteration == done + 1


@pytest.mark.slow
def test_whatever_happens_the_end_is_the_same(checkpoints, tmp_path):
    budget = BUDGETS[os.environ.get('ENDURANCE', 'small')]
    chance = random.Random(int(os.environ.get('ENDURANCE_SEED', 0)))
    events = [name for name, count in budget.items() for _ in range(count)]
    chance.shuffle(events)
    model, iterations = small_boostgan(checkpoints), REACH * len(events) + 1
    straight = small_training(model, tmp_path / 'straight', iterations=iterations, interval=1)
    straight.default_hooks.checkpoint.max_keep_ckpts = 3
    assert run(straight, tmp_path / 'errors') == 0

    config = straight.copy()
    config.work_dir = str(tmp_path / 'work')
    ordeal = Ordeal(config, tmp_path, chance)
    for number, event in enumerate(events, 1):
        getattr(ordeal, event)()
        found = newest_whole(ordeal.work) if ordeal.work.exists() else None
        print(
            f'{number} of {len(events)}: {event}, {found.iteration if found else 0} of '
            f'{iterations} iterations left',
            flush=True,
        )
    assert run(resumed(config), tmp_path / 'errors') == 0
    assert_same_end(tmp_path / 'straight', ordeal.work)
    kept = {path.name for path in ordeal.work.iterdir() if '.pth' in path.name}
    # One more stays where a kill met the moment between a new checkpoint and the end of an old one.
    assert kept >= {f'iter_{iterations - number}.pth' for number in range(3)}
    assert not [name for name in kept if name.startswith('.')]
    assert len(kept) <= 3 + events.count('kill') + events.count('damage')
