"""What a training survives: signals, damaged checkpoints, a full disk."""

import os
from pathlib import Path
import shutil
import signal

import pytest
import torch

from boostgan_plugin.apis import train
from boostgan_plugin.checkpoint import damage_of, newest_whole, read_checkpoint
from boostgan_plugin.provenance import revision, versions
from tests.conftest import small_boostgan
from tests.end_to_end.small_trainings import (
    DAMAGES,
    ITERATIONS,
    assert_same_end,
    empty,
    overwrite_four_bytes,
    resumed,
    run,
    small_training,
    truncate,
)

NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


@pytest.fixture(scope='module')
def model(checkpoints):
    return small_boostgan(checkpoints)


@pytest.fixture(scope='module')
def straight(model, tmp_path_factory) -> Path:
    """The work directory of a training that nothing happened to."""
    work = tmp_path_factory.mktemp('straight') / 'work'
    assert run(small_training(model, work), work.parent / 'errors') == 0
    return work


@pytest.fixture
def work(straight, tmp_path) -> Path:
    return Path(shutil.copytree(straight, tmp_path / 'work'))


# The same again ----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_weights(model, straight, tmp_path):
    config = small_training(model, tmp_path / 'work')
    assert run(config, tmp_path / 'errors') == 0
    assert_same_end(straight, tmp_path / 'work')
    config.work_dir, config.randomness.seed = str(tmp_path / 'other'), 1
    assert run(config, tmp_path / 'errors') == 0
    with pytest.raises(AssertionError):
        assert_same_end(straight, tmp_path / 'other')


def test_a_checkpoint_says_what_it_was_made_with(straight):
    for path in straight.glob('*.pth'):
        meta = read_checkpoint(path)['meta']
        assert meta['seed'] == 0 and 'max_iters=6' in meta['cfg']
        made = meta['provenance']
        assert made.keys() == {'versions', 'revision', 'data'}
        assert (made['versions'], made['data']) == (versions(), {})
        # Somebody may commit while the tests run.
        assert (made['revision'] is None) == (revision() is None)


def test_a_resumed_training_says_what_has_changed(model, straight, work):
    content = torch.load(work / 'iter_6.pth', weights_only=False)
    content['meta']['provenance']['versions']['torch'] = '1.0'
    content['meta']['provenance']['data'] = dict(train=dict(files=3, sha256='ab12'))
    torch.save(content, work / 'iter_6.pth')
    train(resumed(small_training(model, work)))
    lines = [
        line
        for line in _log(work).splitlines()
        if 'Since the checkpoint' in line and 'revision' not in line
    ]
    assert len(lines) == 2
    assert f'versions torch has changed from 1.0 to {versions()["torch"]}' in lines[0]
    assert "data train has changed from {'files': 3, 'sha256': 'ab12'} to None" in lines[1]


# Signals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize('number', NUMBERS)
def test_told_to_leave_it_saves_and_says_so(number, model, tmp_path):
    config = small_training(
        model, tmp_path / 'work', hook=dict(type='SignalAt', number=int(number), iteration=3)
    )
    assert run(config, tmp_path / 'errors') == 128 + number
    assert newest_whole(tmp_path / 'work').iteration == 3
    assert f'Told to leave by {number.name}, after iteration 3' in _log(tmp_path / 'work')


def test_a_terminal_tells_the_workers_too(model, straight, tmp_path):
    config = small_training(
        model,
        tmp_path / 'work',
        workers=2,
        hook=dict(type='SignalAt', number=int(signal.SIGINT), iteration=3, group=True),
    )
    assert run(config, tmp_path / 'errors') == 130
    assert newest_whole(tmp_path / 'work').iteration == 3
    assert run(resumed(config), tmp_path / 'errors') == 0
    assert_same_end(straight, tmp_path / 'work')


def test_a_validation_is_broken_off(model, straight, tmp_path):
    config = small_training(
        model, tmp_path / 'work', hook=dict(type='SignalAt', number=int(signal.SIGTERM))
    )
    config.train_cfg.update(val_begin=1, val_interval=3)
    assert run(config, tmp_path / 'errors') == 143
    assert newest_whole(tmp_path / 'work').iteration == 3
    config.train_cfg.val_begin = ITERATIONS + 1
    assert run(resumed(config), tmp_path / 'errors') == 0
    assert_same_end(straight, tmp_path / 'work')


def test_signals_are_put_back(model, tmp_path):
    before = [signal.getsignal(number) for number in NUMBERS]
    config = small_training(model, tmp_path / 'work')
    config.train_cfg.max_iters = 1
    train(config)
    assert [signal.getsignal(number) for number in NUMBERS] == before


# Damaged checkpoints ------------------------------------------------------------------------------


@pytest.mark.parametrize('damage', DAMAGES)
def test_the_newest_whole_checkpoint_is_found(damage, work):
    assert newest_whole(work).path == work / 'iter_6.pth'
    change, told = DAMAGES[damage]
    change(work / 'iter_6.pth')
    found = newest_whole(work)
    assert (found.path, found.iteration) == (work / 'iter_4.pth', 4)
    assert len(found.passed_over) == 1
    assert 'iter_6.pth' in found.passed_over[0] and told in found.passed_over[0]


def test_a_training_goes_on_from_the_newest_whole_checkpoint(model, straight, work, tmp_path):
    overwrite_four_bytes(work / 'iter_6.pth')
    (work / 'last_checkpoint').write_text('')
    assert run(resumed(small_training(model, work)), tmp_path / 'errors') == 0
    text = _log(work)
    assert 'passed over' in text and f'going on from {work / "iter_4.pth"}' in text
    assert damage_of(work / 'iter_6.pth') is None
    assert_same_end(straight, work)


@pytest.mark.parametrize('note', [None, '', 'iter_2.pth', '/elsewhere/iter_9.pth', '\0' * 20])
def test_a_note_may_be_missing_or_old(note, work):
    (work / 'last_checkpoint').unlink()
    if note is not None:
        (work / 'last_checkpoint').write_text(note)
        os.utime(work / 'last_checkpoint', (0, 0))
    assert newest_whole(work).path == work / 'iter_6.pth'


def test_checkpoints_of_an_earlier_longer_training_are_left_alone(work):
    os.utime(work / 'iter_6.pth', (0, 0))
    (work / 'last_checkpoint').write_text('iter_4.pth')
    assert newest_whole(work).path == work / 'iter_4.pth'


def test_a_broken_checkpoint_tells_of_the_whole_one_beside_it(work):
    truncate(work / 'iter_6.pth')
    with pytest.raises(ValueError, match=r'iter_6.pth is broken .*iter_4.pth beside it is whole'):
        read_checkpoint(work)


def test_nothing_to_go_on_from_is_said(model, work, tmp_path):
    for path in work.glob('*.pth'):
        empty(path)
    config = resumed(small_training(model, work))
    with pytest.raises(ValueError, match='(?s)no checkpoint from which to go on.*iter_2.pth is em'):
        train(config)
    config.work_dir, config.train_cfg.max_iters = str(tmp_path / 'nothing'), 1
    train(config)
    assert 'holds no checkpoint to resume from: the training starts at 0' in _log(config.work_dir)


def test_a_resume_beyond_the_end_is_said(model, work):
    config = resumed(small_training(model, work))
    train(config)
    assert 'the training is finished: for a longer one give more' in _log(work)
    config.train_cfg.max_iters = ITERATIONS - 1
    with pytest.raises(ValueError, match='has 6 iterations, beyond the train_cfg.max_iters=5'):
        train(config)


def _log(work) -> str:
    return max(Path(work).glob('*/*.log')).read_text()


# Disks --------------------------------------------------------------------------------------------


def test_a_full_disk_is_named_and_leaves_no_half_file(model, straight, tmp_path):
    work = tmp_path / 'work'
    config = small_training(model, work, hook=dict(type='FullDiskAt', iteration=4))
    assert run(config, tmp_path / 'errors') == 1
    last = (tmp_path / 'errors').read_text().splitlines()[-1]
    assert last.startswith('OSError') and last.endswith(f"'{work / 'iter_4.pth'}'")
    assert [path.name for path in work.iterdir() if '.pth' in path.name] == ['iter_2.pth']
    assert run(resumed(config), tmp_path / 'errors') == 0
    assert_same_end(straight, work)


def test_what_a_killed_writer_left_is_cleared_away(model, tmp_path):
    (tmp_path / 'work').mkdir()
    (tmp_path / 'work/.iter_4.0123.part.pth').write_bytes(b'half')
    config = small_training(model, tmp_path / 'work')
    config.train_cfg.max_iters = 1
    train(config)
    assert not list((tmp_path / 'work').glob('.*'))


def test_the_first_checkpoint_comes_after_minutes(model, tmp_path):
    config = small_training(model, tmp_path / 'work')
    config.default_hooks.checkpoint.update(interval=1000, minutes=1e-9, max_keep_ckpts=2)
    config.train_cfg.max_iters = 4
    train(config)
    assert sorted(path.name for path in (tmp_path / 'work').glob('*.pth')) == [
        'iter_3.pth',
        'iter_4.pth',
    ]
