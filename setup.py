from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent


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
    packages=find_packages(include=['boostgan_plugin', 'boostgan_plugin.*']),
    python_requires='>=3.11',
    install_requires=requirements('runtime'),
    extras_require={name: requirements(name)
                    for name in ('mminstall', 'features', 'tests', 'optional')},
)
