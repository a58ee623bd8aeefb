import subprocess
import sys

import pytest

from tests.conftest import ROOT


def run(code: str) -> str:
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_import_is_cheap():
    """Only registries; no torch, no models, nothing optional."""
    assert (
        run(
            'import boostgan_plugin, sys; '
            "heavy = {'torch', 'mmcv', 'mmpretrain', 'mmseg', 'torchvision', 'matplotlib', "
            "'cv2', 'gradio', 'onnxruntime', 'boostgan_plugin.models'}; "
            'print(sorted(heavy & set(sys.modules)))'
        )
        == '[]'
    )


def test_custom_imports_and_prefix_in_somebody_elses_scope():
    assert (
        run(
            'from mmengine.config import Config; '
            'from mmengine.registry import MODELS, init_default_scope; '
            "init_default_scope('mmseg'); "
            "cfg = Config(dict(custom_imports=dict(imports=['boostgan_plugin']), "
            "model=dict(type='boostgan.SemanticGenerator', num_attributes=2, num_classes=3))); "
            'from importlib import import_module; '
            '[import_module(name) for name in cfg.custom_imports.imports]; '
            'print(type(MODELS.build(cfg.model)).__name__)'
        )
        == 'SemanticGenerator'
    )


def test_default_scope_finds_ours_and_mmengines():
    assert (
        run(
            'import boostgan_plugin; from mmengine.registry import *; '
            "init_default_scope('boostgan'); "
            "names = [HOOKS.build(dict(type=t)).__class__.__module__.split('.')[0] "
            "for t in ('LossCurvesHook', 'IterTimerHook')]; print(names)"
        )
        == "['boostgan_plugin', 'mmengine']"
    )


#: Every registry of mmengine, mmseg and mmpretrain (mmcv has none of its own), and what is in it.
_REGISTRIES = """
import pkgutil
from importlib import import_module
from mmengine import registry as root
from mmengine.registry import DefaultScope, Registry
import mmcv.cnn, mmcv.transforms
import mmpretrain.registry, mmseg.registry

def known():
    return {(module.__name__, name): dict(registry.module_dict)
            for module in (root, mmseg.registry, mmpretrain.registry)
            for name, registry in vars(module).items() if isinstance(registry, Registry)}

for module in (mmseg.registry, mmpretrain.registry):
    for registry in vars(module).values():
        if isinstance(registry, Registry):
            registry.import_from_location()
before, scope = known(), DefaultScope.get_current_instance()
children = set(root.MODELS.children)

import boostgan_plugin
found = pkgutil.walk_packages(boostgan_plugin.__path__, 'boostgan_plugin.')
names = [module.name for module in found]
for name in names:
    import_module(name)

assert len(names) > 100 and sum(map(len, before.values())) > 500
assert DefaultScope.get_current_instance() is scope
assert set(root.MODELS.children) - children == {'boostgan'}
for place, after in known().items():
    changed = {name for name in before[place].keys() | after.keys()
               if before[place].get(name) is not after.get(name)}
    assert not changed, (place, changed)
print('untouched')
"""


@pytest.mark.slow
def test_other_scopes_stay_as_they_are():
    """All of the package is imported, after all of the others."""
    assert run(_REGISTRIES) == 'untouched'
