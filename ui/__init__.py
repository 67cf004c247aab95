"""The interface: Gradio pages mounted in FastAPI."""

import os

# Gradio and its libraries read these when they are imported: nothing may be looked up outside this machine.
for _name, _value in {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}.items():
    os.environ[_name] = _value
