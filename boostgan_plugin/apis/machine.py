import os
import platform

import torch


def describe_machine() -> dict[str, str]:
    """What a reader has to know of the machine that measured."""
    kind = (
        torch.cuda.get_device_name()
        if torch.cuda.is_available()
        else f'{platform.machine()}, {os.cpu_count()} CPU cores'
    )
    return {'PyTorch': torch.__version__, 'machine': kind}
