from .hole_unet import HoleUNet

__all__ = ['HoleUNet']
