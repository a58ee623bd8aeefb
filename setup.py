from pathlib import Path
import shutil

from setuptools import find_packages, setup
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
            shutil.copytree(ROOT / folder, mim / folder,
                            ignore=shutil.ignore_patterns('__pycache__'))
        shutil.copy(ROOT / 'model-index.yml', mim)


def requirements(name: str) -> list[str]:
    """The packages named in requirements/<name>.txt."""
    lines = (ROOT / 'requirements' / f'{name}.txt').read_text().splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def version() -> str:
    scope: dict[str, str] = {}
    exec((ROOT / 'boostgan_plugin' / 'version.py').read_text(), scope)
    return scope['__version__']


setup(
    name='boostgan_plugin',
    version=version(),
    description='Image inpainting with semantics you can name, as an OpenMMLab plugin',
    long_description=(ROOT / 'README.md').read_text(),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    classifiers=[f'Programming Language :: Python :: 3.{minor}' for minor in (11, 12, 13)],
    cmdclass=dict(build_py=BuildWithMim),
    packages=find_packages(include=['boostgan_plugin', 'boostgan_plugin.*']),
    package_data={'boostgan_plugin': ['weights/*']},
    python_requires='>=3.11',
    install_requires=requirements('runtime'),
    extras_require={name: requirements(name)
                    for name in ('mminstall', 'features', 'tests', 'optional', 'web', 'onnx',
                                 'patchmatch')},
)
