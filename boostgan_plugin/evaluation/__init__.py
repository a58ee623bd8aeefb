from .pixel_metrics import PixelMetrics

__all__ = ['PixelMetrics']
