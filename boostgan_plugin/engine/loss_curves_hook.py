from pathlib import Path

from mmengine.dist import master_only
from mmengine.hooks import Hook
from mmengine.runner import Runner
import numpy as np

from boostgan_plugin.registry import HOOKS


@HOOKS.register_module()
class LossCurvesHook(Hook):
    """Draws what was logged in training as ``curves.png``, at each validation and at the end.

    The history lives in mmengine's message hub, so the curves go on after a resume.

    Args:
        points: each curve is averaged down to about this many points.
    """

    def __init__(self, points: int = 200) -> None:
        self.points = points

    def after_val_epoch(self, runner: Runner, metrics: dict | None = None) -> None:
        """Draw what there is so far."""
        self._draw(runner)

    def after_train(self, runner: Runner) -> None:
        """Draw all."""
        self._draw(runner)

    @master_only
    def _draw(self, runner: Runner) -> None:
        # matplotlib is slow to import and needed here only.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        curves = {
            name.removeprefix('train/'): np.asarray(buffer.data[0], dtype=float)
            for name, buffer in runner.message_hub.log_scalars.items()
            if name.startswith('train/') and not name.endswith('time')
        }
        curves = {name: values for name, values in curves.items() if len(values)}
        if not curves:
            return
        columns = 3
        rows = -(-len(curves) // columns)
        figure = Figure(figsize=(4 * columns, 2.4 * rows), layout='constrained')
        FigureCanvasAgg(figure)
        for index, (name, values) in enumerate(sorted(curves.items())):
            axes = figure.add_subplot(rows, columns, index + 1)
            axes.plot(*_averaged(values, self.points))
            axes.set_title(name, fontsize=9)
            axes.grid(alpha=0.3)
        figure.savefig(Path(runner.work_dir) / 'curves.png', dpi=80)


def _averaged(values: np.ndarray, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Means of consecutive groups, and the number of the last value of each group."""
    groups = np.array_split(values, min(points, len(values)))
    return np.cumsum([len(group) for group in groups]), np.array([g.mean() for g in groups])
