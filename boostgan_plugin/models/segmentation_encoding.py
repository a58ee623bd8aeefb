"""How a segmentation map enters a network."""

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin import renamed

#: The ways a segmentation map can enter a network. Those before the last take label maps
#: (N, 1, H, W) of integers, 'probability' takes class probabilities (N, C, H, W).
SEGMENTATION_ENCODINGS = ('label', 'one_hot', 'embedding', 'probability')


class SegmentationEncoding(nn.Module):
    """Turns a segmentation map into the channels that a network reads.

    Args:
        encoding: 'label': the paper's one-channel label map, scaled to [0, 1]; 'one_hot';
            'embedding': a learned vector for each label; 'probability': as it comes.
        num_classes: number of classes C.
        embedding_channels: length of the learned vector.

    Raises:
        ValueError: unknown encoding, or (in ``forward``) a map of the wrong kind.
    """

    def __init__(self, encoding: str, num_classes: int, embedding_channels: int = 8) -> None:
        super().__init__()
        if encoding not in SEGMENTATION_ENCODINGS:
            raise ValueError(
                f"segmentation_encoding='{encoding}' is unknown; "
                f'choose one of {", ".join(SEGMENTATION_ENCODINGS)}'
            )
        self.encoding = encoding
        self.num_classes = num_classes
        self.channels = {'label': 1, 'embedding': embedding_channels}.get(encoding, num_classes)
        if encoding == 'embedding':
            self.embedding = nn.Embedding(num_classes, embedding_channels)

    @property
    def input_type(self) -> str:
        """The kind of map it takes: 'label' or 'probability'."""
        return 'probability' if self.encoding == 'probability' else 'label'

    reads = renamed.Attribute('input_type')

    def forward(self, segmentation: Tensor) -> Tensor:
        """Label map (N, 1, H, W) or probabilities (N, C, H, W) -> (N, channels, H, W) float."""
        self._check(segmentation)
        if self.encoding == 'probability':
            return segmentation
        if self.encoding == 'label':
            return segmentation.float() / max(self.num_classes - 1, 1)
        labels = segmentation.squeeze(1).long()
        if self.encoding == 'one_hot':
            return F.one_hot(labels, self.num_classes).permute(0, 3, 1, 2).float()
        return self.embedding(labels).permute(0, 3, 1, 2)

    def _check(self, segmentation: Tensor) -> None:
        takes_probability = self.input_type == 'probability'
        channels = self.num_classes if takes_probability else 1
        if (
            torch.is_floating_point(segmentation) != takes_probability
            or segmentation.shape[1] != channels
        ):
            raise ValueError(
                f"encoding '{self.encoding}' of {self.num_classes} classes takes a "
                f'{self.input_type} map with {channels} channel(s); got '
                f'{tuple(segmentation.shape)} of {segmentation.dtype}. The output of the '
                'SegmentationEmbedder and the encoding must agree'
            )
