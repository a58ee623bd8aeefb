from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper, OptimWrapperDict
from mmengine.structures import BaseDataElement
import torch
from torch import Tensor, nn

from boostgan_plugin import renamed
from boostgan_plugin.models.data_preprocessor import to_uint8
from boostgan_plugin.models.padding import pad_to_multiple
from boostgan_plugin.models.phases import Phase, PhaseSchedule
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

LossAndParts = tuple[Tensor, dict[str, Tensor]]


@renamed.options(target='gt_img', corrupted='masked_img')
@dataclass(frozen=True)
class InpaintingBatch:
    """What one step works on: ``gt_img`` y and ``masked_img`` x (N, 3, H, W), RGB in [-1, 1], 0 in
    the hole of x; ``mask`` (N, 1, H, W) float, 1 = hole; ``told_attributes`` (N, N1) and
    ``told_layout`` (N, 1) what a data set says of the holes: 1 = there, 0 = not there, -1 = nothing
    said; and whether the true map of regions is.

    Subclasses of :class:`BaseInpainter` may hang what else they need into a subclass of this.
    """

    gt_img: Tensor
    mask: Tensor
    masked_img: Tensor
    told_attributes: Tensor | None = None
    told_layout: Tensor | None = None

    target = renamed.Attribute('gt_img')
    corrupted = renamed.Attribute('masked_img')

    def restored(self, output: Tensor) -> Tensor:
        """``output`` (N, 3, H, W) in the hole, the ground truth outside."""
        return output * self.mask + self.gt_img * (1 - self.mask)


class BaseInpainter(BaseModel):
    """The training and prediction logic that all inpainters share.

    A subclass says what its two losses are and, where that differs, how its generator is called
    (:meth:`generate`). A step generates once, updates the discriminator, if there is one, then the
    generator; ``phases`` can say otherwise for parts of the training. Prediction pads to what the
    generator can take, crops back and puts the known pixels back, bit for bit; this happens here
    and nowhere else.

    Args:
        generator: config of the network in ``self.generator``.
        discriminator: config of the network in ``self.discriminator``; None where there is none.
        data_preprocessor: default :class:`InpaintingDataPreprocessor`.
        phases: of the training, see :class:`~boostgan_plugin.models.phases.PhaseSchedule`;
            default a single one.

    Raises:
        ValueError: a phase updates a discriminator, but there is none.
    """

    def __init__(
        self,
        generator: dict,
        discriminator: dict | None = None,
        data_preprocessor: dict | None = None,
        phases: Sequence[Mapping] | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        preprocessor = data_preprocessor or dict(type='InpaintingDataPreprocessor')
        super().__init__(MODELS.build(preprocessor), init_cfg)
        self.generator = MODELS.build(generator)
        self.discriminator = MODELS.build(discriminator) if discriminator else None
        self.phases = PhaseSchedule(phases) if phases else None
        self._check_phases()
        # The layout in which convolutions are fastest, on CPU as on tensor cores.
        self.to(memory_format=torch.channels_last)

    @property
    def phase(self) -> Phase:
        """What the next training step does."""
        if self.phases is not None:
            return self.phases.current
        return Phase('all') if self.discriminator else Phase('all', updates=('generator',))

    # What an inpainter says of itself -----------------------------------------------------------

    def prepare(self, batch: InpaintingBatch) -> InpaintingBatch:
        """Everything computed before generation, for training: by default nothing."""
        return batch

    def prepare_for_prediction(self, batch: InpaintingBatch) -> InpaintingBatch:
        """As :meth:`prepare`, from the corrupted image alone. Subclasses may take more, for
        :meth:`restore`."""
        return batch

    def generate(self, batch: InpaintingBatch) -> Tensor:
        """The raw output z, (N, 3, H, W) in [-1, 1]: by default of a generator that is given x and
        the mask."""
        return self.generator(batch.masked_img, batch.mask)

    @abstractmethod
    def discriminator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Total to minimise and its parts by name; ``output`` is detached."""

    @abstractmethod
    def generator_loss(self, batch: InpaintingBatch, output: Tensor) -> LossAndParts:
        """Total to minimise and its parts by name."""

    def describe(self, batch: InpaintingBatch, index: int) -> dict[str, Tensor]:
        """What else to tell of sample ``index``: vectors and maps by name; by default nothing."""
        return {}

    # Training -----------------------------------------------------------------------------------

    def train_step(self, data: dict, optim_wrapper: OptimWrapperDict) -> dict[str, Tensor]:
        """Discriminator first, then generator (paper III-B), each by its own OptimWrapper."""
        phase = self.phase
        phase.freeze_norms(unwrapped(self.generator))
        with (
            optim_wrapper['generator'].optim_context(self.generator),
            torch.set_grad_enabled('generator' in phase.updates),
        ):
            batch = self.prepare(InpaintingBatch(**self.data_preprocessor(data, True)['inputs']))
            output = self.generate(batch)
        update = dict(discriminator=self._update_discriminator, generator=self._update_generator)
        logs = {}
        for network in phase.updates:
            logs.update(update[network](batch, output, optim_wrapper[network]))
        if self.phases is not None:
            self.phases.advance()
        return logs

    def _update_discriminator(
        self, batch: InpaintingBatch, output: Tensor, wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        with wrapper.optim_context(self.discriminator):
            loss, parts = self.discriminator_loss(batch, output.detach())
        wrapper.update_params(loss)
        return _logs('discriminator', loss, parts)

    def _update_generator(
        self, batch: InpaintingBatch, output: Tensor, wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        with wrapper.optim_context(self.generator), frozen(self.discriminator):
            loss, parts = self.generator_loss(batch, output)
        wrapper.update_params(loss)
        return _logs('generator', loss, parts)

    def _check_phases(self) -> None:
        for phase in self.phases.phases if self.phases is not None else ():
            if self.discriminator is None and 'discriminator' in phase.updates:
                raise ValueError(
                    f"phase '{phase.name}' updates the discriminator, which "
                    f'{type(self).__name__} was built without'
                )

    # Prediction ---------------------------------------------------------------------------------

    def forward(
        self,
        inputs: dict[str, Tensor],
        data_samples: list[BaseDataElement] | None = None,
        mode: str = 'tensor',
    ) -> Tensor | list[BaseDataElement]:
        """Restore; ``inputs`` as the data preprocessor gives them.

        Args:
            mode: 'tensor' for the raw output z, 'predict' for data samples that hold the images.

        Raises:
            ValueError: another mode. Losses are had from :meth:`train_step`.
        """
        if mode not in ('tensor', 'predict'):
            raise ValueError(
                f"mode='{mode}': an inpainter's forward knows 'tensor' and 'predict'; "
                'its losses come in pairs, from train_step'
            )
        batch = InpaintingBatch(**inputs)
        output, padded = self.restore(batch)
        if mode == 'tensor':
            return output
        return self._write(data_samples, batch, padded, output)

    def restore(self, batch: InpaintingBatch, **override: Any) -> tuple[Tensor, InpaintingBatch]:
        """The raw output z of images of any size, and the padded batch that it was made from.

        Args:
            override: further arguments of the subclass's :meth:`prepare_for_prediction`.
        """
        height, width = batch.masked_img.shape[2:]
        padded = self.prepare_for_prediction(self._pad(batch), **override)
        return self.generate(padded)[..., :height, :width], padded

    def _pad(self, batch: InpaintingBatch) -> InpaintingBatch:
        """Repeat the border until the generator's downsample factor divides both sides."""
        factor = getattr(unwrapped(self.generator), 'downsample_factor', 1)
        return replace(
            batch,
            **{
                name: pad_to_multiple(getattr(batch, name), factor)
                for name in ('gt_img', 'mask', 'masked_img')
            },
        )

    def _write(
        self,
        samples: list[BaseDataElement],
        batch: InpaintingBatch,
        padded: InpaintingBatch,
        output: Tensor,
    ) -> list[BaseDataElement]:
        output, target = to_uint8(output), to_uint8(batch.gt_img)
        restored = torch.where(batch.mask > 0.5, output, target)
        for index, sample in enumerate(samples):
            sample.output = output[index]
            sample.restored = restored[index]
            sample.target = target[index]
            for name, value in self.describe(padded, index).items():
                if value.ndim > 1:
                    value = value[..., : output.shape[2], : output.shape[3]]
                sample.set_field(value, name)
        return samples


def _logs(network: str, loss: Tensor, parts: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        f'loss_{network}': loss.detach(),
        **{f'{network}_{name}': part.detach() for name, part in parts.items()},
    }


@contextmanager
def frozen(module: nn.Module | None) -> Iterator[None]:
    """Gradients pass through the module without being computed for its parameters."""
    parameters = module.parameters() if module is not None else ()
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    for parameter in trained:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in trained:
            parameter.requires_grad_(True)
