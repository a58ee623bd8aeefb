from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from boostgan_plugin.models.semantics import (
    MismatchSampler,
    Semantics,
    attribute_identity,
    segmentation_identity,
)
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@dataclass(frozen=True)
class SemanticBatch(InpaintingBatch):
    """``read``: Wa(x) and Ws(x); ``true``: Wa(y) and Ws(y), in training only."""
    read: Semantics
    true: Semantics | None = None


@MODELS.register_module()
class BoostGAN(BaseInpainter):
    """Inpainting guided by semantics read off the corrupted image (arXiv 1908.04503).

    Args:
        generator: config of a :class:`SemanticGenerator`. Here as in the discriminators, the
            numbers of attributes and classes may be left out: they are those of the embedders.
        discriminator: config of a :class:`MultiLevelDiscriminator`. A level whose λ is 0 in
            ``loss`` is not built.
        attribute_embedder: config of an :class:`AttributeEmbedder`, Wa.
        segmentation_embedder: config of a :class:`SegmentationEmbedder`, Ws.
        loss: config of a :class:`BoostGANLoss`.

    Raises:
        ValueError: the generator or a discriminator was configured for another number of
            attributes or classes, or another kind of segmentation map, than the embedders give.
    """

    def __init__(self,
                 generator: dict,
                 discriminator: dict,
                 attribute_embedder: dict,
                 segmentation_embedder: dict,
                 loss: dict,
                 data_preprocessor: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        loss = MODELS.build(loss)
        attribute_embedder = MODELS.build(attribute_embedder)
        segmentation_embedder = MODELS.build(segmentation_embedder)
        attributes = dict(num_attributes=len(attribute_embedder.names))
        classes = dict(num_classes=len(segmentation_embedder.names))
        levels = dict(attribute=attributes, segmentation=classes)
        super().__init__(
            {**attributes, **classes, **generator},
            _with_counts(discriminator, levels, loss.weights),
            data_preprocessor, init_cfg=init_cfg)
        self.attribute_embedder = attribute_embedder
        self.segmentation_embedder = segmentation_embedder
        self.loss = loss
        self.mismatched_attributes = MismatchSampler(attribute_identity)
        self.mismatched_segmentation = MismatchSampler(segmentation_identity)
        self._check_agreement()

    def read(self, images: Tensor) -> Semantics:
        """Wa and Ws of images (N, 3, H, W), RGB in [-1, 1]."""
        return Semantics(self.attribute_embedder(images), self.segmentation_embedder(images))

    def prepare(self, batch: InpaintingBatch) -> SemanticBatch:
        """Read x and y in one forward of each embedder."""
        read, true = self.read(torch.cat([batch.corrupted, batch.target])).halves()
        return SemanticBatch(**vars(batch), read=read, true=true)

    def prepare_for_prediction(self, batch: InpaintingBatch) -> SemanticBatch:
        return SemanticBatch(**vars(batch), read=self.read(batch.corrupted))

    def generate(self, batch: SemanticBatch) -> Tensor:
        """z = G(x, Ws(x), Wa(x)), equation (1)."""
        return self.generator(batch.corrupted, batch.mask, batch.read.segmentation,
                              batch.read.attributes)

    def discriminator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equations (2)-(5)."""
        attributes, differ = self.mismatched_attributes(batch.true.attributes)
        segmentation, differ_segmentation = self.mismatched_segmentation(batch.true.segmentation)
        logits = self.discriminator(batch.target, output, batch.true,
                                    Semantics(attributes, segmentation))
        found = dict(attribute=differ, segmentation=differ_segmentation)
        for level in found.keys() & logits.keys():
            # A pair that in truth matches is no negative one: it shall add nothing.
            logits[level]['mismatched'] = logits[level]['mismatched'].masked_fill(
                ~found[level][:, None], -torch.inf)
        return self.loss.discriminator(logits)

    def generator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equation (6)."""
        logits = unwrapped(self.discriminator).judge_generated(output, batch.true)
        return self.loss.generator(output, batch.target, logits)

    def describe(self, batch: SemanticBatch, index: int) -> dict[str, Tensor]:
        """Wa(x) as ``attributes`` (N1,), Ws(x) as ``segmentation`` label map (H, W)."""
        segmentation = batch.read.segmentation[index]
        labels = segmentation.argmax(0) if len(segmentation) > 1 else segmentation[0]
        return dict(attributes=batch.read.attributes[index], segmentation=labels)

    def _check_agreement(self) -> None:
        given = dict(num_attributes=len(self.attribute_embedder.names),
                     num_classes=len(self.segmentation_embedder.names),
                     segmentation=self.segmentation_embedder.output)
        for name, network in (('generator', self.generator),
                              ('discriminator.attribute', self.discriminator.attribute),
                              ('discriminator.segmentation', self.discriminator.segmentation)):
            for option, wanted in _expectations(network).items():
                if wanted != given[option]:
                    raise ValueError(f'the {name} was built for {option}={wanted}, but the '
                                     f'embedders give {option}={given[option]}')


def _with_counts(discriminator: Mapping, counts: Mapping[str, dict], weights: Mapping) -> dict:
    """The config with what each level has to know, without the levels that have no weight."""
    given = {key: {**count, **discriminator[key]} for key, count in counts.items()
             if key in discriminator and key in weights}
    return {**{key: value for key, value in discriminator.items() if key not in counts}, **given}


def _expectations(network: torch.nn.Module | None) -> dict:
    """What a network expects of the embedders."""
    expected = {}
    if hasattr(network, 'num_attributes'):
        expected['num_attributes'] = network.num_attributes
    if hasattr(network, 'segmentation_encoding'):
        encoding = network.segmentation_encoding
        expected.update(num_classes=encoding.num_classes, segmentation=encoding.reads)
    return expected
