"""BoostGAN: image inpainting with semantics you can name, as an OpenMMLab plugin.

Importing the package only creates its registries (scope ``boostgan``); models, data sets, metrics
and hooks are imported when a registry is first asked for one.
"""

from boostgan_plugin import registry
from boostgan_plugin.version import __version__

__all__ = ['__version__', 'registry']
