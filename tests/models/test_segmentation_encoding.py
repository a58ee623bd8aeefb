import pytest
import torch

from boostgan_plugin.models.segmentation_encoding import SegmentationEncoding

LABELS = torch.tensor([[[[0, 3], [1, 2]]]], dtype=torch.uint8)


def test_label_is_the_papers_one_channel_map():
    encoded = SegmentationEncoding('label', 4)(LABELS)
    assert encoded.shape == (1, 1, 2, 2)
    assert torch.allclose(encoded[0, 0], torch.tensor([[0, 1], [1 / 3, 2 / 3]]))


def test_one_hot():
    encoded = SegmentationEncoding('one_hot', 4)(LABELS)
    assert encoded.shape == (1, 4, 2, 2)
    assert torch.equal(encoded.argmax(1, keepdim=True), LABELS.long())
    assert torch.equal(encoded.sum(1), torch.ones(1, 2, 2))


def test_embedding_is_looked_up_and_learned():
    encoding = SegmentationEncoding('embedding', 4, embedding_channels=5)
    encoded = encoding(LABELS)
    assert encoded.shape == (1, 5, 2, 2)
    assert torch.equal(encoded[0, :, 0, 1], encoding.embedding.weight[3])
    encoded.sum().backward()
    assert encoding.embedding.weight.grad is not None


def test_probabilities_pass_through():
    probabilities = torch.rand(1, 4, 2, 2)
    assert SegmentationEncoding('probability', 4)(probabilities) is probabilities


def test_errors_name_what_is_wrong():
    with pytest.raises(ValueError, match="segmentation_encoding='colour' is unknown"):
        SegmentationEncoding('colour', 4)
    with pytest.raises(ValueError, match='takes a label map'):
        SegmentationEncoding('label', 4)(torch.rand(1, 4, 2, 2))
    with pytest.raises(ValueError, match='takes a probability map'):
        SegmentationEncoding('probability', 4)(LABELS)
