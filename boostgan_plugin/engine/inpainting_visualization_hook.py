from pathlib import Path

from mmengine.dist import is_main_process
from mmengine.runner import Runner

from boostgan_plugin.registry import HOOKS
from boostgan_plugin.visualization import sample_grid, write_image
from boostgan_plugin.wrappers import unwrapped

from .sample_collector_hook import SampleCollectorHook


@HOOKS.register_module()
class InpaintingVisualizationHook(SampleCollectorHook):
    """Writes ``samples/iter_N.png`` at each validation and ``samples/test.png`` after a test.

    Rows are samples; columns the original, the input, Ws(x), the raw output and the restored
    image; below each row the attributes Wa(x). Models without semantics leave those out.

    Args:
        count: number of samples, the first of the validation or test set.
    """

    def __init__(self, count: int = 8) -> None:
        super().__init__(count)

    after_val_iter = SampleCollectorHook.after_test_iter

    def after_val_epoch(self, runner: Runner, metrics: dict | None = None) -> None:
        """Write the grid of this iteration."""
        self._write(runner, f'iter_{runner.iter:06d}', len(runner.val_dataloader.dataset))

    def after_test_epoch(self, runner: Runner, metrics: dict | None = None) -> None:
        """Write the grid of the test."""
        self._write(runner, 'test', len(runner.test_dataloader.dataset))

    def _write(self, runner: Runner, name: str, size: int) -> None:
        samples, self.samples = self.collect(size), []
        if not samples or not is_main_process():
            return
        model = unwrapped(runner.model)
        attributes = getattr(getattr(model, 'attribute_embedder', None), 'names', ())
        classes = getattr(getattr(model, 'segmentation_embedder', None), 'names', ())
        path = Path(runner.work_dir) / 'samples' / f'{name}.png'
        write_image(path, sample_grid(samples, attributes, len(classes)))
