from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mmengine.model import BaseModel
from mmengine.optim import OptimWrapperDict
from mmengine.structures import BaseDataElement
import torch
from torch import Tensor, nn

from boostgan_plugin.models.data_preprocessor import to_uint8
from boostgan_plugin.models.padding import pad_to_multiple
from boostgan_plugin.registry import MODELS
from boostgan_plugin.wrappers import unwrapped

LossAndParts = tuple[Tensor, dict[str, Tensor]]


@dataclass(frozen=True)
class InpaintingBatch:
    """What one step works on: ``target`` y and ``corrupted`` x (N, 3, H, W), ``mask`` (N, 1, H, W).

    Subclasses of :class:`BaseInpainter` may hang what else they need into a subclass of this.
    """
    target: Tensor
    mask: Tensor
    corrupted: Tensor


class BaseInpainter(BaseModel):
    """The training and prediction logic that all inpainters share.

    A subclass says how its generator is called (:meth:`generate`) and what its two losses are. A
    step generates once, updates the discriminator, then the generator. Prediction pads to what
    the generator can take, crops back and puts the known pixels back, bit for bit; this happens
    here and nowhere else.

    Args:
        generator: config of the network in ``self.generator``.
        discriminator: config of the network in ``self.discriminator``; None where there is none.
        data_preprocessor: default :class:`InpaintingDataPreprocessor`.
    """

    def __init__(self,
                 generator: dict,
                 discriminator: dict | None = None,
                 data_preprocessor: dict | None = None,
                 init_cfg: dict | None = None) -> None:
        preprocessor = data_preprocessor or dict(type='InpaintingDataPreprocessor')
        super().__init__(MODELS.build(preprocessor), init_cfg)
        self.generator = MODELS.build(generator)
        self.discriminator = MODELS.build(discriminator) if discriminator else None
        # The layout in which convolutions are fastest, on CPU as on tensor cores.
        self.to(memory_format=torch.channels_last)

    # What an inpainter says of itself -----------------------------------------------------------

    def prepare(self, batch: InpaintingBatch) -> InpaintingBatch:
        """Everything computed before generation, for training: by default nothing."""
        return batch

    def prepare_for_prediction(self, batch: InpaintingBatch) -> InpaintingBatch:
        """As :meth:`prepare`, from the corrupted image alone."""
        return batch

    @abstractmethod
    def generate(self, batch: InpaintingBatch) -> Tensor:
        """The raw output z, (N, 3, H, W) in [-1, 1]."""

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
        generator, discriminator = optim_wrapper['generator'], optim_wrapper['discriminator']
        with generator.optim_context(self.generator):
            batch = self.prepare(InpaintingBatch(**self.data_preprocessor(data, True)['inputs']))
            output = self.generate(batch)
        with discriminator.optim_context(self.discriminator):
            d_loss, d_parts = self.discriminator_loss(batch, output.detach())
        discriminator.update_params(d_loss)
        with generator.optim_context(self.generator), frozen(self.discriminator):
            g_loss, g_parts = self.generator_loss(batch, output)
        generator.update_params(g_loss)
        return dict(loss_discriminator=d_loss.detach(), loss_generator=g_loss.detach(),
                    **{f'discriminator_{name}': part for name, part in d_parts.items()},
                    **{f'generator_{name}': part for name, part in g_parts.items()})

    # Prediction ---------------------------------------------------------------------------------

    def forward(self, inputs: dict[str, Tensor], data_samples: list[BaseDataElement] | None = None,
                mode: str = 'tensor') -> Tensor | list[BaseDataElement]:
        """Restore; ``inputs`` as the data preprocessor gives them.

        Args:
            mode: 'tensor' for the raw output z, 'predict' for data samples that hold the pictures.

        Raises:
            ValueError: another mode. Losses are had from :meth:`train_step`.
        """
        if mode not in ('tensor', 'predict'):
            raise ValueError(f"mode='{mode}': an inpainter's forward knows 'tensor' and 'predict'; "
                             'its losses come in pairs, from train_step')
        batch = InpaintingBatch(**inputs)
        height, width = batch.target.shape[2:]
        padded = self.prepare_for_prediction(self._pad(batch))
        output = self.generate(padded)[..., :height, :width]
        if mode == 'tensor':
            return output
        return self._write(data_samples, batch, padded, output)

    def _pad(self, batch: InpaintingBatch) -> InpaintingBatch:
        """Repeat the border until the generator's downsample factor divides both sides."""
        factor = getattr(unwrapped(self.generator), 'downsample_factor', 1)
        return replace(batch, **{name: pad_to_multiple(getattr(batch, name), factor)
                                 for name in ('target', 'mask', 'corrupted')})

    def _write(self, samples: list[BaseDataElement], batch: InpaintingBatch,
               padded: InpaintingBatch, output: Tensor) -> list[BaseDataElement]:
        output, target = to_uint8(output), to_uint8(batch.target)
        restored = torch.where(batch.mask > 0.5, output, target)
        for index, sample in enumerate(samples):
            sample.output = output[index]
            sample.restored = restored[index]
            sample.target = target[index]
            for name, value in self.describe(padded, index).items():
                if value.ndim > 1:
                    value = value[..., :output.shape[2], :output.shape[3]]
                sample.set_field(value, name)
        return samples


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Gradients pass through the module without being computed for its parameters."""
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    for parameter in trained:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in trained:
            parameter.requires_grad_(True)
