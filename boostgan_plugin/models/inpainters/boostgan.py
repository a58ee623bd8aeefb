from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from boostgan_plugin import renamed
from boostgan_plugin.models.losses.semantic_consistency import low_pass
from boostgan_plugin.models.semantic_sources import semantic_source
from boostgan_plugin.models.semantics import (
    MismatchSampler,
    SemanticOverride,
    Semantics,
    TeacherForcing,
    attribute_key,
    segmentation_key,
)
from boostgan_plugin.options import Positive, Ratio
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

from .base import BaseInpainter, InpaintingBatch, LossAndParts


@renamed.options(
    target='gt_img',
    corrupted='masked_img',
    read='pred_semantics',
    given='cond_semantics',
    true='gt_semantics',
)
@dataclass(frozen=True, kw_only=True)
class SemanticBatch(InpaintingBatch):
    """``pred_semantics``: Wa(x) and Ws(x); ``cond_semantics``: what the generator is conditioned
    on, from its source of semantics or what overrides them; ``gt_semantics``: Wa(y) and Ws(y),
    in training only."""

    pred_semantics: Semantics
    cond_semantics: Semantics
    gt_semantics: Semantics | None = None

    read = renamed.Attribute('pred_semantics')
    given = renamed.Attribute('cond_semantics')
    true = renamed.Attribute('gt_semantics')


@renamed.options(told='teacher_forcing_prob', told_samples='teacher_forcing_sample_prob')
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
        teacher_forcing_prob: that the generator is given the truth in training, see
            :class:`~boostgan_plugin.models.semantics.TeacherForcing`; 0 is the paper's.
        teacher_forcing_sample_prob: that it is given any attributes of a sample, see the same.
        emphasis: how much louder than in training a person's word on attributes reaches the
            generator, and a Ws that hears of it, see
            :meth:`~boostgan_plugin.models.semantics.SemanticOverride.apply_to`.
        semantics: what the generator is conditioned on, in training and prediction: 'predicted',
            Wa(x) and Ws(x), is the paper's; 'oracle', Wa(y) and Ws(y) of the whole image;
            'shuffled', Wa(x) and Ws(x) of another image of the batch; 'none', zeros. The
            discriminators always get Wa(y) and Ws(y), and an override goes before any of them.

    Raises:
        ValueError: a discriminator without a loss or the reverse; unknown ``semantics``, or none
            of them but teacher forcing; or the generator or a discriminator was configured
            for another number of attributes or classes, or another kind of segmentation map, than
            the embedders give.
    """

    def __init__(
        self,
        generator: dict,
        attribute_embedder: dict,
        segmentation_embedder: dict,
        discriminator: dict | None = None,
        loss: dict | None = None,
        consistency: dict | None = None,
        teacher_forcing_prob: Ratio = 0.0,
        teacher_forcing_sample_prob: Ratio = 1.0,
        emphasis: Positive = 1.0,
        semantics: str = 'predicted',
        data_preprocessor: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        if (discriminator is None) != (loss is None):
            raise ValueError(
                'discriminator and loss go together: give both, or neither for a '
                'BoostGAN that only restores'
            )
        if semantics == 'none' and teacher_forcing_prob:
            raise ValueError(
                "semantics='none' with "
                f'teacher_forcing_prob={teacher_forcing_prob}: a generator without '
                'semantics cannot be given true ones'
            )
        source = semantic_source(semantics)
        loss = MODELS.build(loss) if loss else None
        wa, ws = MODELS.build(attribute_embedder), MODELS.build(segmentation_embedder)
        attributes = dict(num_attributes=len(wa.names))
        classes = dict(num_classes=len(ws.names))
        levels = dict(attribute=attributes, segmentation=classes)
        super().__init__(
            {**attributes, **classes, **generator},
            _with_counts(discriminator, levels, loss.weights) if loss else None,
            data_preprocessor,
            init_cfg=init_cfg,
        )
        self.attribute_embedder = wa
        self.segmentation_embedder = ws
        self.loss = loss
        self.consistency = MODELS.build(consistency) if consistency else None
        self.source = source
        # The name is that of its state in checkpoints.
        self.teller = (
            TeacherForcing(teacher_forcing_prob, teacher_forcing_sample_prob)
            if teacher_forcing_prob
            else None
        )
        self.emphasis = emphasis
        self.mismatched_attributes = MismatchSampler(attribute_key)
        self.mismatched_segmentation = MismatchSampler(segmentation_key)
        self._check_agreement()

    @property
    def embedders(self) -> dict[str, nn.Module]:
        """Wa and Ws by the level that goes by them."""
        return dict(attribute=self.attribute_embedder, segmentation=self.segmentation_embedder)

    def extract_semantics(
        self, images: Tensor, override: SemanticOverride | None = None, emphasis: float = 1.0
    ) -> Semantics:
        """Wa and Ws of images (N, 3, H, W), RGB in [-1, 1]; a Ws that is conditioned on attributes
        hears of those that are overridden, ``emphasis`` times as loud as in its training."""
        is_conditioned = override is not None and self.segmentation_embedder.num_attributes
        attributes = (override.signed_attributes(emphasis),) if is_conditioned else ()
        return Semantics(
            self.attribute_embedder(images), self.segmentation_embedder(images, *attributes)
        )

    read = renamed.Attribute('extract_semantics')

    def prepare(self, batch: InpaintingBatch) -> SemanticBatch:
        """Semantics of y, which of them are forced, and semantics of x.

        Raises:
            RuntimeError: there is neither discriminator nor loss.
        """
        if self.loss is None:
            raise RuntimeError(
                'this BoostGAN was built to restore only: to train it, give it a '
                'discriminator and a loss'
            )
        gt_semantics = self.extract_semantics(batch.gt_img)
        override = self._told(batch, gt_semantics)
        pred, cond = self._condition(batch, override, lambda: gt_semantics)
        return SemanticBatch(
            **vars(batch), pred_semantics=pred, cond_semantics=cond, gt_semantics=gt_semantics
        )

    def _told(self, batch: InpaintingBatch, gt_semantics: Semantics) -> SemanticOverride | None:
        """What the data set says, and what is forced by chance."""
        forced = self.teller(gt_semantics) if self.teller else None
        said = _said(batch, gt_semantics)
        if said is None or forced is None:
            return said or forced
        return said.or_else(forced)

    @renamed.arguments(told='override')
    def prepare_for_prediction(
        self, batch: InpaintingBatch, override: SemanticOverride | None = None
    ) -> SemanticBatch:
        """Semantics of x, with what overrides them. Those of the whole image are extracted for
        ``semantics='oracle'`` alone."""
        pred, cond = self._condition(
            batch, override, lambda: self.extract_semantics(batch.gt_img), self.emphasis
        )
        return SemanticBatch(**vars(batch), pred_semantics=pred, cond_semantics=cond)

    def _condition(
        self,
        batch: InpaintingBatch,
        override: SemanticOverride | None,
        gt_semantics: Callable[[], Semantics],
        emphasis: float = 1.0,
    ) -> tuple[Semantics, Semantics]:
        """The predicted semantics, and what the generator is conditioned on."""
        pred = self.extract_semantics(batch.masked_img, override, emphasis)
        cond = self.source(pred, gt_semantics)
        return pred, override.apply_to(cond, emphasis) if override is not None else cond

    def generate(self, batch: SemanticBatch) -> Tensor:
        """z = G(x, Ws(x), Wa(x)), equation (1); or with other semantics, where so built."""
        return self.generator(
            batch.masked_img,
            batch.mask,
            batch.cond_semantics.segmentation,
            batch.cond_semantics.attributes,
        )

    def discriminator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equations (2)-(5)."""
        return self.loss.discriminator(self._judge_pairs(batch, output))

    def _judge_pairs(self, batch: SemanticBatch, generated: Tensor) -> dict[str, dict[str, Tensor]]:
        """Logits of the pairs of equations (3)-(5), without those that in truth match."""
        gt = batch.gt_semantics
        attributes, differ = self.mismatched_attributes(gt.attributes)
        segmentation, differ_segmentation = self.mismatched_segmentation(gt.segmentation)
        logits = self.discriminator(
            batch.gt_img, generated, gt, Semantics(attributes, segmentation)
        )
        found = dict(attribute=differ, segmentation=differ_segmentation)
        for level in found.keys() & logits.keys():
            # A pair that in truth matches is no negative one: it shall not count.
            logits[level]['mismatched'] = logits[level]['mismatched'].masked_fill(
                ~found[level].view(-1, *[1] * (logits[level]['mismatched'].ndim - 1)), -torch.inf
            )
        return logits

    def generator_loss(self, batch: SemanticBatch, output: Tensor) -> LossAndParts:
        """Equation (6), and the consistency of what is read, where that is wanted."""
        logits = unwrapped(self.discriminator).judge_generated(output, batch.gt_semantics)
        total, parts = self.loss.generator(output, batch.gt_img, logits)
        return self._with_consistency(batch, output, total, parts)

    def _with_consistency(
        self, batch: SemanticBatch, output: Tensor, total: Tensor, parts: dict[str, Tensor]
    ) -> LossAndParts:
        if self.consistency is None:
            return total, parts
        with torch.no_grad():
            original = self._logits_low_pass(batch.gt_img)
        more, further = self.consistency(
            self._logits_low_pass(batch.restored(output)), original, batch.mask
        )
        return total + more, {**parts, **further}

    def _logits_low_pass(self, images: Tensor) -> dict[str, Tensor]:
        images = low_pass(images)
        return {name: self.embedders[name].logits(images) for name in self.consistency.weights}

    def describe(self, batch: SemanticBatch, index: int) -> dict[str, Tensor]:
        """Wa(x) as ``attributes`` (N1,), Ws(x) as ``segmentation`` label map (H, W)."""
        return dict(
            attributes=batch.pred_semantics.attributes[index],
            segmentation=batch.pred_semantics.labels()[index],
        )

    def _check_agreement(self) -> None:
        """Networks of other projects that do not say what they were built for are taken as they
        are."""
        attributes = dict(num_attributes=len(self.attribute_embedder.names))
        regions = dict(
            num_classes=len(self.segmentation_embedder.names),
            segmentation=self.segmentation_embedder.output,
        )
        _check_equal('generator', _attributes_for(self.generator), attributes)
        _check_equal('generator', _regions_for(self.generator), regions)
        if self.discriminator is not None:
            _check_equal(
                'discriminator.attribute', _attributes_for(self.discriminator.attribute), attributes
            )
            _check_equal(
                'discriminator.segmentation', _regions_for(self.discriminator.segmentation), regions
            )


def _said(batch: InpaintingBatch, gt_semantics: Semantics) -> SemanticOverride | None:
    """What a data set says of the holes of a batch; None where it never does."""
    attributes, layout = batch.told_attributes, batch.told_layout
    if attributes is None and layout is None:
        return None
    if attributes is None:
        attributes = torch.full_like(gt_semantics.attributes, -1)
    labels = gt_semantics.labels()[:, None]
    if layout is None:
        layout = torch.zeros(len(labels), 1, dtype=torch.bool, device=labels.device)
    return SemanticOverride(attributes, labels.where(layout[..., None, None], -1))


def _with_counts(discriminator: Mapping, counts: Mapping[str, dict], weights: Mapping) -> dict:
    """The config with what each level has to know, without the levels that have no weight."""
    config = {name: value for name, value in discriminator.items() if name not in counts}
    for level, count in counts.items():
        if level in discriminator and level in weights:
            config[level] = {**count, **discriminator[level]}
    return config


def _attributes_for(network: nn.Module | None) -> dict[str, int]:
    """What a network was built for."""
    count = getattr(network, 'num_attributes', None)
    return {} if count is None else dict(num_attributes=count)


def _regions_for(network: nn.Module | None) -> dict[str, int | str]:
    """As :func:`_attributes_for`."""
    encoding = getattr(network, 'segmentation_encoding', None)
    return (
        {}
        if encoding is None
        else dict(num_classes=encoding.num_classes, segmentation=encoding.input_type)
    )


def _check_equal(name: str, wanted: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    for option, value in wanted.items():
        if value != given[option]:
            raise ValueError(
                f'the {name} was built for {option}={value}, but the embedders give '
                f'{option}={given[option]}'
            )
