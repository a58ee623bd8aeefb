import numpy as np
import torch
from torch.utils.data._utils.pin_memory import pin_memory

from boostgan_plugin.datasets import PackInpaintingInputs


def test_all_of_a_batch_gets_into_pinned_memory(monkeypatch):
    """What PyTorch's data loader does with a batch; it passes over what it does not know."""
    pinned = []
    monkeypatch.setattr(
        torch.Tensor, 'pin_memory', lambda self: pinned.append(self.shape) or self.clone()
    )
    sample = PackInpaintingInputs()(
        dict(
            img=np.ones((8, 9, 3), np.uint8),
            mask=np.ones((8, 9), np.uint8),
            img_path='x.png',
            gt_score=np.ones(5, np.float32),
            gt_seg_map=np.ones((8, 9), np.uint8),
            told_attributes=np.ones(6, np.float32),
            told_layout=np.ones(1, bool),
        )
    )
    batch = pin_memory(dict(inputs=[sample['inputs']], data_samples=[sample['data_samples']]))
    assert sorted(pinned) == [(1,), (1, 8, 9), (3, 8, 9), (5,), (6,), (8, 9)]
    [copy] = batch['data_samples']
    assert type(copy) is type(sample['data_samples']) and copy.img_path == 'x.png'
    for name, value in sample['data_samples'].items():
        assert torch.equal(copy.get(name), value) and copy.get(name) is not value
