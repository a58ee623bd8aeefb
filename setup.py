"""What pyproject.toml cannot say: the folder that mim looks for. All else is there."""

from pathlib import Path
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithMim(build_py):
    """Also packs what mim and mmengine look for in ``boostgan_plugin/.mim``.

    Nothing is written into the checkout. An editable install has no ``.mim``: there configs and
    tools are taken from the checkout itself.
    """

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        mim = Path(self.build_lib) / 'boostgan_plugin/.mim'
        shutil.rmtree(mim, ignore_errors=True)  # What an earlier build has left.
        for folder in ('configs', 'tools'):
            shutil.copytree(
                ROOT / folder, mim / folder, ignore=shutil.ignore_patterns('__pycache__')
            )
        shutil.copy(ROOT / 'model-index.yml', mim)


setup(cmdclass=dict(build_py=BuildWithMim))
