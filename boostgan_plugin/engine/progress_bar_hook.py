import sys

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from boostgan_plugin.registry import HOOKS


@HOOKS.register_module()
class ProgressBarHook(Hook):
    """A progress bar with the time left, on terminals; logs in files stay free of it."""

    def before_train(self, runner: Runner) -> None:
        """Start the bar where training starts or resumes."""
        self._progress = None
        if is_main_process() and sys.stderr.isatty():
            self._progress = Progress(
                TextColumn('training'),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn('left'),
                TimeRemainingColumn(),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task('', total=runner.max_iters, completed=runner.iter)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: dict | None = None,
    ) -> None:
        """One step further."""
        if self._progress:
            self._progress.update(self._task, completed=runner.iter + 1)

    def after_train(self, runner: Runner) -> None:
        """Leave a clean terminal."""
        if self._progress:
            self._progress.stop()
