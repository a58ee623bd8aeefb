from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from boostgan_plugin.models.losses.semantic_consistency import smoothed
from boostgan_plugin.models.semantic_sources import semantic_source
from boostgan_plugin.models.semantics import (
    MismatchSampler,
    Semantics,
    Teller,
    Told,
    attribute_identity,
    segmentation_identity,
)
from boostgan_plugin.options import Positive, Ratio
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@dataclass(frozen=True)
class SemanticBatch(InpaintingBatch):
    """``read``: Wa(x) and Ws(x); ``given``: what the generator gets, from its source of semantics
    or what it is told instead; ``true``: Wa(y) and Ws(y), in training only."""
    read: Semantics
    given: Semantics
    true: Semantics | None = None


@MODELS.register_module()
class BoostGAN(BaseInpainter):
    """Inpainting guided by semantics read off the corrupted image (arXiv 1908.04503).

    Args:
        generator: config of a :class:`SemanticGenerator`. Here as in the discriminators, the
            numbers of attributes and classes may be left out: they are those of the embedders.
        discriminator: config of a :class:`MultiLevelDiscriminator`. A level whose λ is 0 in
            ``loss`` is not built. None, as the loss, for a model that only restores.
        attribute_embedder: config of an :class:`AttributeEmbedder`, Wa.
        segmentation_embedder: config of a :class:`SegmentationEmbedder`, Ws.
        loss: config of a :class:`BoostGANLoss`.
        consistency: config of a :class:`SemanticConsistencyLoss`; None is the paper's.
        told: share of what the generator is told truly in training, see :class:`Teller`; 0 is the
            paper's.
        told_samples: share of the images of which attributes are told, see :class:`Teller`.
        emphasis: how much louder than in training a person's word on attributes reaches the
            generator, see :meth:`Told.over`; 1 is as in training.
        semantics: what the generator is given, in training and prediction: 'predicted', Wa(x) and
            Ws(x), is the paper's; 'oracle', Wa(y) and Ws(y) of the batch's target; 'shuffled',
            Wa(x) and Ws(x) of another image of the batch; 'none', zeros. The discriminators always
            hear Wa(y) and Ws(y), and a person's word goes before any of them.

    Raises:
        ValueError: a discriminator without a loss or the reverse; unknown ``semantics``, or none
            of them but a share that is told; or the generator or a discriminator was configured
            for another number of attributes or classes, or another kind of segmentation map, than
            the embedders give.
    """

    def __init__(self,
                 generator: dict,
                 attribute_embedder: dict,
                 segmentation_embedder: dict,
                 discriminator: dict | None = None,
                 loss: dict | None = None,
                 consistency: dict | None = None,
                 told: Ratio = 0.,
                 told_samples: Ratio = 1.,
                 emphasis: Positive = 1.,
                 semantics: str = 'predicted',
                 data_preprocessor: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        if (discriminator is None) != (loss is None):
            raise ValueError('discriminator and loss go together: give both, or neither for a '
                             'BoostGAN that only restores')
        if semantics == 'none' and told:
            raise ValueError(f"semantics='none' with told={told}: a generator without semantics "
                             'is told nothing')
        source = semantic_source(semantics)
        loss = MODELS.build(loss) if loss else None
        attribute_embedder = MODELS.build(attribute_embedder)
        segmentation_embedder = MODELS.build(segmentation_embedder)
        attributes = dict(num_attributes=len(attribute_embedder.names))
        classes = dict(num_classes=len(segmentation_embedder.names))
        levels = dict(attribute=attributes, segmentation=classes)
        super().__init__(
            {**attributes, **classes, **generator},
            _with_counts(discriminator, levels, loss.weights) if loss else None,
            data_preprocessor, init_cfg=init_cfg)
        self.attribute_embedder = attribute_embedder
        self.segmentation_embedder = segmentation_embedder
        self.loss = loss
        self.consistency = MODELS.build(consistency) if consistency else None
        self.source = source
        self.teller = Teller(told, told_samples) if told else None
        self.emphasis = emphasis
        self.mismatched_attributes = MismatchSampler(attribute_identity)
        self.mismatched_segmentation = MismatchSampler(segmentation_identity)
        self._check_agreement()

    @property
    def embedders(self) -> dict[str, nn.Module]:
        """Wa and Ws by the level that goes by them."""
        return dict(attribute=self.attribute_embedder, segmentation=self.segmentation_embedder)

    def read(self, images: Tensor, told: Told | None = None) -> Semantics:
        """Wa and Ws of images (N, 3, H, W), RGB in [-1, 1]; a Ws that is conditioned on attributes
        hears of those that are told."""
        heard = (told.attributes, ) if told and self.segmentation_embedder.num_attributes else ()
        return Semantics(self.attribute_embedder(images),
                         self.segmentation_embedder(images, *heard))

    def prepare(self, batch: InpaintingBatch) -> SemanticBatch:
        """Read y, tell parts of it, and read x.

        Raises:
            RuntimeError: there is neither discriminator nor loss.
        """
        if self.loss is None:
            raise RuntimeError('this BoostGAN was built to restore only: to train it, give it a '
                               'discriminator and a loss')
        true = self.read(batch.target)
        told = self.teller(true) if self.teller else None
        read = self.read(batch.corrupted, told)
        given = self.source(read, lambda: true)
        given = told.over(given) if told else given
        return SemanticBatch(**vars(batch), read=read, given=given, true=true)

    def prepare_for_prediction(self, batch: InpaintingBatch, told: Told | None = None
                               ) -> SemanticBatch:
        """Read x; a person's word goes before what was read. The target is read for
        ``semantics='oracle'`` alone."""
        read = self.read(batch.corrupted, told)
        given = self.source(read, lambda: self.read(batch.target))
        given = told.over(given, self.emphasis) if told else given
        return SemanticBatch(**vars(batch), read=read, given=given)

    def generate(self, batch: SemanticBatch) -> Tensor:
        """z = G(x, Ws(x), Wa(x)), equation (1); or with other semantics, where so built."""
        return self.generator(batch.corrupted, batch.mask, batch.given.segmentation,
                              batch.given.attributes)

    def discriminator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equations (2)-(5)."""
        return self.loss.discriminator(self._judge_pairs(batch, output))

    def _judge_pairs(self, batch: SemanticBatch, generated: Tensor) -> dict[str, dict[str, Tensor]]:
        """Logits of the pairs of equations (3)-(5), without those that in truth match."""
        attributes, differ = self.mismatched_attributes(batch.true.attributes)
        segmentation, differ_segmentation = self.mismatched_segmentation(batch.true.segmentation)
        logits = self.discriminator(batch.target, generated, batch.true,
                                    Semantics(attributes, segmentation))
        found = dict(attribute=differ, segmentation=differ_segmentation)
        for level in found.keys() & logits.keys():
            # A pair that in truth matches is no negative one: it shall not count.
            logits[level]['mismatched'] = logits[level]['mismatched'].masked_fill(
                ~found[level].view(-1, *[1] * (logits[level]['mismatched'].ndim - 1)), -torch.inf)
        return logits

    def generator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equation (6), and the consistency of what is read, where that is wanted."""
        logits = unwrapped(self.discriminator).judge_generated(output, batch.true)
        total, parts = self.loss.generator(output, batch.target, logits)
        return self._with_consistency(batch, output, total, parts)

    def _with_consistency(self, batch: SemanticBatch, output: Tensor, total: Tensor,
                          parts: dict[str, Tensor]) -> LossAndParts:
        if self.consistency is None:
            return total, parts
        with torch.no_grad():
            original = self._read_smoothed(batch.target)
        more, further = self.consistency(
            self._read_smoothed(batch.restored(output)), original, batch.mask)
        return total + more, {**parts, **further}

    def _read_smoothed(self, images: Tensor) -> dict[str, Tensor]:
        images = smoothed(images)
        return {name: self.embedders[name].logits(images) for name in self.consistency.weights}

    def describe(self, batch: SemanticBatch, index: int) -> dict[str, Tensor]:
        """Wa(x) as ``attributes`` (N1,), Ws(x) as ``segmentation`` label map (H, W)."""
        return dict(attributes=batch.read.attributes[index],
                    segmentation=batch.read.labels()[index])

    def _check_agreement(self) -> None:
        given = dict(num_attributes=len(self.attribute_embedder.names),
                     num_classes=len(self.segmentation_embedder.names),
                     segmentation=self.segmentation_embedder.output)
        networks = {'generator': self.generator}
        if self.discriminator is not None:
            networks |= {'discriminator.attribute': self.discriminator.attribute,
                         'discriminator.segmentation': self.discriminator.segmentation}
        for name, network in networks.items():
            for option, wanted in _expectations(network).items():
                if wanted != given[option]:
                    raise ValueError(f'the {name} was built for {option}={wanted}, but the '
                                     f'embedders give {option}={given[option]}')


def _with_counts(discriminator: Mapping, counts: Mapping[str, dict], weights: Mapping) -> dict:
    """The config with what each level has to know, without the levels that have no weight."""
    given = {key: {**count, **discriminator[key]} for key, count in counts.items()
             if key in discriminator and key in weights}
    return {**{key: value for key, value in discriminator.items() if key not in counts}, **given}


def _expectations(network: nn.Module | None) -> dict:
    """What a network expects of the embedders."""
    expected = {}
    if hasattr(network, 'num_attributes'):
        expected['num_attributes'] = network.num_attributes
    if hasattr(network, 'segmentation_encoding'):
        encoding = network.segmentation_encoding
        expected.update(num_classes=encoding.num_classes, segmentation=encoding.reads)
    return expected
