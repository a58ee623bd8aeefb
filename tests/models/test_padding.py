import pytest
import torch

from boostgan_plugin.models.padding import pad_to_multiple


@pytest.mark.parametrize(
    ('size', 'padded'),
    [((1, 1), (8, 8)), ((8, 16), (8, 16)), ((9, 7), (16, 8)), ((3, 24), (8, 24))],
)
def test_the_border_is_repeated_as_far_as_needed(size, padded):
    images = torch.rand(2, 3, *size)
    result = pad_to_multiple(images, 8)
    assert result.shape[2:] == padded
    for row, column in torch.cartesian_prod(*map(torch.arange, padded)).tolist():
        same = images[..., min(row, size[0] - 1), min(column, size[1] - 1)]
        assert torch.equal(result[..., row, column], same)


@pytest.mark.parametrize('size', [(8, 8), (5, 6)])
def test_layout_and_gradients_pass(size):
    images = torch.rand(2, 3, *size).to(memory_format=torch.channels_last).requires_grad_()
    result = pad_to_multiple(images, 8)
    assert result.is_contiguous(memory_format=torch.channels_last)
    result.sum().backward()
    assert images.grad.sum() == result.numel()
