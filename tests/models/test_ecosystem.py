import subprocess
import sys

from tests.conftest import ROOT


def run(code: str) -> str:
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_import_is_cheap():
    """Only registries; no torch, no models, nothing optional."""
    assert run("import boostgan_plugin, sys; "
               "heavy = {'torch', 'mmcv', 'mmpretrain', 'mmseg', 'torchvision', 'matplotlib', "
               "'cv2', 'gradio', 'onnxruntime', 'boostgan_plugin.models'}; "
               "print(sorted(heavy & set(sys.modules)))") == '[]'


def test_custom_imports_and_prefix_in_somebody_elses_scope():
    assert run("from mmengine.config import Config; "
               "from mmengine.registry import MODELS, init_default_scope; "
               "init_default_scope('mmseg'); "
               "cfg = Config(dict(custom_imports=dict(imports=['boostgan_plugin']), "
               "model=dict(type='boostgan.SemanticGenerator', num_attributes=2, num_classes=3))); "
               "from importlib import import_module; "
               "[import_module(name) for name in cfg.custom_imports.imports]; "
               "print(type(MODELS.build(cfg.model)).__name__)") == 'SemanticGenerator'


def test_default_scope_finds_ours_and_mmengines():
    assert run("import boostgan_plugin; from mmengine.registry import *; "
               "init_default_scope('boostgan'); "
               "names = [HOOKS.build(dict(type=t)).__class__.__module__.split('.')[0] "
               "for t in ('LossCurvesHook', 'IterTimerHook')]; print(names)"
               ) == "['boostgan_plugin', 'mmengine']"
