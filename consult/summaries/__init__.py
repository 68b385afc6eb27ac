"""The Front's workspace and released summaries."""
