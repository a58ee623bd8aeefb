from .efficientnet_lite import EfficientNetLiteFeatures
from .feature_network import FeatureNetwork
from .vgg import VGG16Features

__all__ = ['EfficientNetLiteFeatures', 'FeatureNetwork', 'VGG16Features']
