"""styrsignal: finds the steering signals in steering documents and the pairs of them that conflict."""

import os

# onnxruntime reads this when it is imported. Its builds report home otherwise and leave a session file in the
# temporary folder; nothing here may call anybody.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
