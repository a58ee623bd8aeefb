"""A pretrained OpenMMLab network that only reads."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from mmengine.config import Config, ConfigDict
from mmengine.registry import MODELS
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.blanks import fill
from boostgan_plugin.checkpoint import find_checkpoint, load_strictly, read_checkpoint, weights_of
from boostgan_plugin.models.padding import pad_to_multiple

from .frozen_copy import autocast_dtype, frozen_copy
from .layers import outputs_of_layers

#: What configs leave open of a network that learns from a folder of one's own: how many names
#: there are.
_NUMBERS = ('num_attributes', 'num_regions')


class FrozenNetwork(nn.Module):
    """Base of the embedders: a network from config and checkpoint, frozen, in eval mode.

    Images come as RGB in [-1, 1] and are normalised inside, as the network's own
    data_preprocessor says. A plain ``nn.Module``, so that mmengine's ``init_weights`` does not
    reach the pretrained weights.

    Args:
        config: path of the network's training config, or its ``model`` dict.
        checkpoint: file, or work directory whose last checkpoint is taken. None says that the
            weights come later with a ``load_state_dict``; until then ``forward`` refuses.
        names: what the outputs are called, in their order.
        reduction: how many times smaller than they come images are read, for a network that was
            pretrained on smaller ones.
        num_attributes: length N1 of the attribute vector that the network is conditioned on, as
            planes behind the image's (see :class:`~boostgan_plugin.datasets.AttributePlanes`); 0
            for a network that gets images alone.

    Raises:
        FileNotFoundError: no such config or checkpoint.
        ValueError: the checkpoint does not fit the config, or was trained for other names.
    """

    _scope: str

    def __init__(
        self,
        config: str | Path | Mapping,
        checkpoint: str | Path | None,
        names: Sequence[str],
        reduction: int = 1,
        num_attributes: int = 0,
    ) -> None:
        super().__init__()
        self.names = tuple(names)
        self.reduction = reduction
        self.num_attributes = num_attributes
        # Initial weights that are soon replaced: they shall not shift those of other networks.
        with torch.random.fork_rng(devices=[]):
            model = fill(model_config(config), dict.fromkeys(_NUMBERS, len(names)))
            self.network = MODELS.build(dict(model, _scope_=self._scope))
        self.network.to(memory_format=torch.channels_last)
        self._has_weights = False
        self._copies: dict[torch.dtype | None, nn.Module] = {}
        if checkpoint is not None:
            self._load(checkpoint)
        self.requires_grad_(False)
        self.register_load_state_dict_pre_hook(_note_prefix)
        self.register_load_state_dict_post_hook(_note_weights)
        self.eval()

    def train(self, mode: bool = True) -> 'FrozenNetwork':
        """Stays in eval mode."""
        return super().train(False)

    @abstractmethod
    def _run(self, network: nn.Module, images: Tensor) -> Tensor:
        """What the network, or a copy of it, gives for images that are normalised."""

    def _read(self, images: Tensor, attributes: Tensor | None = None) -> Tensor:
        """Outputs for images (N, 3, H, W), RGB in [-1, 1], in the network's own precision.

        Args:
            attributes: what is known of them, (N, N1) in [0, 1], -1 = nothing; None for nothing.
        """
        images = self._normalise(images, attributes)
        if torch.compiler.is_compiling():
            return self._run(self.network, images)
        return self._run(self._cheapest(images), images)

    def features(self, images: Tensor, layers: Sequence[str]) -> list[Tensor]:
        """What layers of the network give for images (N, 3, H, W), RGB in [-1, 1].

        Gradients reach the images. What comes after the last of the layers is not computed. Name
        whole blocks: a batch norm may be folded into the convolution before it.

        Args:
            layers: names of modules of ``network``, such as 'backbone.layer1', in the order in
                which they run.

        Raises:
            ValueError: there is no such layer, or they run in another order.
        """
        images = self._normalise(images)
        return outputs_of_layers(
            self._cheapest(images), layers, lambda network: self._run(network, images)
        )

    def _cheapest(self, images: Tensor) -> nn.Module:
        dtype = autocast_dtype(images.device)
        if dtype not in self._copies:
            self._copies[dtype] = frozen_copy(self.network, self._run, images.detach(), dtype)
        return self._copies[dtype]

    def _apply(self, *args, **kwargs) -> 'FrozenNetwork':
        """On another device, or in another precision, copies are made anew."""
        self._copies = {}
        return super()._apply(*args, **kwargs)

    def _load(self, checkpoint: str | Path) -> None:
        content = read_checkpoint(checkpoint)
        source = f'checkpoint {find_checkpoint(checkpoint)}'
        trained_for = content.get('meta', {}).get('dataset_meta', {}).get('classes')
        if trained_for and tuple(trained_for) != self.names:
            raise ValueError(
                f'{source} was trained for {len(trained_for)} outputs '
                f'({_some(trained_for)}), but {len(self.names)} are configured '
                f'({_some(self.names)})'
            )
        load_strictly(self.network, weights_of(content), source)
        self._has_weights = True

    def _normalise(self, images: Tensor, attributes: Tensor | None = None) -> Tensor:
        """RGB in [-1, 1] -> what the network was trained on."""
        if not self._has_weights:
            raise RuntimeError(
                f'{type(self).__name__} has no weights yet: give it a checkpoint, '
                'or load a state dict that holds them'
            )
        preprocessor = self.network.data_preprocessor
        if self.reduction > 1:
            images = reduced(images, self.reduction)
        # OpenMMLab data sets deliver BGR; a preprocessor that flips therefore wants RGB.
        if not _flips_channels(preprocessor):
            images = images.flip(1)
        if self.num_attributes:
            images = with_attributes(images, attributes, self.num_attributes)
        images = (images + 1) * 127.5
        if getattr(preprocessor, '_enable_normalize', False):
            images = (images - preprocessor.mean) / preprocessor.std
        return images

    def _check_outputs(self, outputs: Tensor, what: str) -> Tensor:
        if outputs.shape[1] != len(self.names):
            raise ValueError(
                f'the network of {type(self).__name__} gives {outputs.shape[1]} '
                f'{what}, but {len(self.names)} are configured'
            )
        return outputs


def model_config(config: str | Path | Mapping) -> Mapping:
    """The ``model`` of a network's training config, or that ``model`` itself.

    Raises:
        FileNotFoundError: there is no such config.
    """
    if isinstance(config, Mapping):
        return ConfigDict(config)
    if not Path(config).is_file():
        raise FileNotFoundError(f'config of an embedder: {config} does not exist')
    return Config.fromfile(config).model


def reduced(images: Tensor, factor: int) -> Tensor:
    """Images (N, C, H, W) by blocks of ``factor`` pixels: the mean of those that are not erased.

    What is 0 in all channels is erased, and stays 0 where a whole block is. Sides that ``factor``
    does not divide are padded by their border.
    """
    images = pad_to_multiple(images, factor)
    known = (images != 0).any(dim=1, keepdim=True).to(images.dtype)
    ratio = F.avg_pool2d(known, factor).clamp(min=1 / factor**2)
    return F.avg_pool2d(images, factor) / ratio


def with_attributes(images: Tensor, attributes: Tensor | None, num_attributes: int) -> Tensor:
    """Images (N, 3, H, W) in [-1, 1] with a plane for each attribute behind: (N, 3 + N1, H, W).

    Args:
        attributes: (N, N1), 1 where it is there, -1 where it is not, 0 where nothing is known; None
            where nothing is at all.
    """
    if attributes is None:
        attributes = images.new_zeros(len(images), num_attributes)
    planes = attributes.to(images.dtype)[:, :, None, None]
    return torch.cat([images, planes.expand(-1, -1, *images.shape[2:])], dim=1)


def _flips_channels(preprocessor: nn.Module) -> bool:
    """mmseg and mmpretrain name the same switch differently."""
    return bool(
        getattr(preprocessor, 'channel_conversion', False)
        or getattr(preprocessor, '_channel_conversion', False)
        or getattr(preprocessor, 'to_rgb', False)
    )


def _note_prefix(module: FrozenNetwork, state_dict: Mapping, prefix: str, *_) -> None:
    """What is missing will be told of all networks that are being loaded."""
    module._prefix = f'{prefix}network.'


def _note_weights(module: FrozenNetwork, incompatible) -> None:
    module._copies.clear()
    if not any(key.startswith(module._prefix) for key in incompatible.missing_keys):
        module._has_weights = True


def _some(names: Sequence[str]) -> str:
    return ', '.join(names[:4]) + (', ...' if len(names) > 4 else '')
