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


def test_what_samples_are_told_goes_along():
    batch = make_batch(2)
    assert 'told_attributes' not in InpaintingDataPreprocessor()(batch)['inputs']
    for number, sample in enumerate(batch['data_samples']):
        sample.told_attributes = torch.tensor([-1.0, number])
        sample.told_layout = torch.tensor([number > 0])
    inputs = InpaintingDataPreprocessor()(batch)['inputs']
    assert inputs['told_attributes'].tolist() == [[-1, 0], [-1, 1]]
    assert inputs['told_layout'].tolist() == [[False], [True]]
