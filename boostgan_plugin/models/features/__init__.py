from .efficientnet_lite import EfficientNetLiteBackbone, EfficientNetLiteFeatures
from .feature_network import FeatureNetwork
from .vgg import VGG16Features

__all__ = [
    'EfficientNetLiteBackbone',
    'EfficientNetLiteFeatures',
    'FeatureNetwork',
    'VGG16Features',
]
