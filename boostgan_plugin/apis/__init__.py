from .inferencer import InpaintingInferencer
from .runs import load_config, test, train

__all__ = ['InpaintingInferencer', 'load_config', 'test', 'train']
