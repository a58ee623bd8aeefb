"""A web page around the inferencer, an optional extra: ``pip install ".[web]"``."""

import os

# Gradio reads it when it is imported: nothing is reported to anybody.
os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'
