"""Imported for what it changes: half of the time of a short training is spent on its description.

For each training mmengine asks gcc for its version, and lays out the text of the config six times.
What is trained, and what a written config says, stays the same.
"""

from functools import cache

import mmengine.runner.runner
from yapf.yapflib import yapf_api

mmengine.runner.runner.collect_env = cache(mmengine.runner.runner.collect_env)
yapf_api.FormatCode = lambda text, **_: (text, False)
