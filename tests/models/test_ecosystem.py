import subprocess
import sys


def test_import_is_cheap():
    """Only registries; no torch, no models, nothing optional."""
    code = ("import boostgan_plugin, sys; "
            "heavy = {'mmpretrain', 'mmseg', 'torchvision', 'matplotlib', 'cv2', 'gradio', "
            "'onnxruntime'} & set(sys.modules); "
            "print(sorted(heavy))")
    found = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == '[]'
