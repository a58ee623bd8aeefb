from mmengine.hooks import Hook
from mmengine.runner import Runner

from boostgan_plugin.registry import HOOKS
from boostgan_plugin.wrappers import unwrapped


@HOOKS.register_module()
class StrictResumeHook(Hook):
    """Refuses a checkpoint whose weights do not fit the model, instead of leaving some at random.

    mmengine loads what fits and only warns of the rest.
    """

    priority = 'LOWEST'

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare keys.

        Raises:
            ValueError: keys are missing or left over.
        """
        wanted, given = set(unwrapped(runner.model).state_dict()), set(checkpoint['state_dict'])
        # The memories of mismatched pairs exist from the first step on.
        missing = sorted(wanted - given)
        unknown = sorted(key for key in given - wanted if not key.endswith('.memory'))
        if missing or unknown:
            raise ValueError(
                f'the checkpoint does not fit the model: {len(missing)} missing '
                f'({", ".join(missing[:3])}), {len(unknown)} unknown ({", ".join(unknown[:3])})')
