import torch

from boostgan_plugin.models import InpaintingDataPreprocessor
from tests.conftest import make_batch


def test_no_copy_is_waited_for(monkeypatch):
    waited = []
    to = torch.Tensor.to

    def spy(self, *args, **kwargs):
        if 'non_blocking' in kwargs:
            waited.append(not kwargs['non_blocking'])
        return to(self, *args, **kwargs)

    monkeypatch.setattr(torch.Tensor, 'to', spy)
    InpaintingDataPreprocessor()(make_batch(3))
    assert waited == [False] * 6  # Three images, three masks.
