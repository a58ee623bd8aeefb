from mmengine.hooks import EMAHook
from mmengine.registry import MODELS
from mmengine.runner import Runner

from boostgan_plugin.registry import HOOKS
from boostgan_plugin.wrappers import unwrapped

_PREFIX = 'generator.'


@HOOKS.register_module()
class GeneratorEMAHook(EMAHook):
    """Moving average of the generator alone, its batch norms included; discriminators and embedders
    are left as they are.

    As with mmengine's ``EMAHook``, validation, testing and the ``state_dict`` of a checkpoint use
    the average; ``ema_state_dict`` keeps the plain generator for resuming.

    Args:
        kwargs: of mmengine's ``EMAHook``, such as ``momentum``.
    """

    def __init__(self, ema_type: str = 'boostgan.FusedExponentialMovingAverage', **kwargs) -> None:
        super().__init__(ema_type, **kwargs)

    def before_run(self, runner: Runner) -> None:
        """Copy the generator."""
        self.src_model = unwrapped(unwrapped(runner.model).generator)
        self.ema_model = MODELS.build(self.ema_cfg, default_args=dict(model=self.src_model))

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Restore the average; without one in the checkpoint, start from its generator."""
        if 'ema_state_dict' in checkpoint and runner._resume:
            self._swap_ema_state_dict(checkpoint)
            self.ema_model.load_state_dict(checkpoint['ema_state_dict'], strict=True)
            return
        weights = {
            key.removeprefix(_PREFIX): value.clone()
            for key, value in checkpoint['state_dict'].items()
            if key.startswith(_PREFIX)
        }
        self.ema_model.module.load_state_dict(weights, strict=True)

    def _swap_ema_state_dict(self, checkpoint: dict) -> None:
        model, average = checkpoint['state_dict'], checkpoint['ema_state_dict']
        for key in average:
            if key.startswith('module.'):
                full = _PREFIX + key.removeprefix('module.')
                model[full], average[key] = average[key], model[full]
