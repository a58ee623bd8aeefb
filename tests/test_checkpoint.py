import os
import pickle

from mmengine.logging import HistoryBuffer
import numpy as np
import pytest
import torch

from boostgan_plugin.checkpoint import find_checkpoint, load_strictly, read_checkpoint


class Hostile:
    """Runs a command when a careless reader unpickles it."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f'touch {self.marker}',)


class LookUp:
    """Reaches for anything by ``getattr``."""

    def __reduce__(self):
        return getattr, (str, 'format')


def test_a_checkpoint_of_the_runner_is_read(tmp_path):
    history = HistoryBuffer()
    history.update(np.float64(1.5))
    torch.save(
        dict(
            state_dict=dict(w=torch.ones(2)),
            message_hub=dict(log=history),
            meta=dict(seed=np.int64(3)),
        ),
        tmp_path / 'good.pth',
    )
    content = read_checkpoint(tmp_path / 'good.pth')
    assert torch.equal(content['state_dict']['w'], torch.ones(2))


@pytest.mark.parametrize('make', [Hostile, lambda marker: LookUp()])
def test_code_is_never_run(tmp_path, make):
    marker = tmp_path / 'ran'
    torch.save(dict(state_dict={}, extra=make(marker)), tmp_path / 'hostile.pth')
    with pytest.raises(ValueError, match='hostile.pth is broken or holds more than weights'):
        read_checkpoint(tmp_path / 'hostile.pth')
    assert not marker.exists()


def test_broken_files(tmp_path):
    (tmp_path / 'broken.pth').write_bytes(b'not a checkpoint')
    with pytest.raises(ValueError, match='broken.pth is broken'):
        read_checkpoint(tmp_path / 'broken.pth')
    (tmp_path / 'plain.pkl').write_bytes(pickle.dumps(Hostile(tmp_path / 'ran')))
    with pytest.raises(ValueError, match='plain.pkl is broken'):
        read_checkpoint(tmp_path / 'plain.pkl')
    assert not (tmp_path / 'ran').exists()


def test_last_checkpoint_of_a_moved_work_dir(tmp_path):
    (tmp_path / 'iter_7.pth').touch()
    (tmp_path / 'last_checkpoint').write_text('/elsewhere/iter_7.pth')
    assert find_checkpoint(tmp_path) == tmp_path / 'iter_7.pth'


def test_weights_have_to_fit_exactly():
    layer = torch.nn.Linear(2, 1)
    with pytest.raises(ValueError, match=r'(?s)file x does not fit .*bias'):
        load_strictly(layer, dict(weight=torch.ones(1, 2)), 'file x')
