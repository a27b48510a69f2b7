"""The runtime half of `kfp`: what the source of a Python component names while it runs. Standard library only, Python 3.8 or newer.

It stands in for the pinned kfp package where that is not installed (no package index within reach, kfp 1.x and 2.0.x). The
compile-time half (decorators, client, compiler) is not here: those names exist, and say so when they are used.
"""
from pkgutil import extend_path

# Extensions such as kfp-kubernetes install themselves below `kfp` in site-packages.
__path__ = extend_path(__path__, __name__)

__version__ = "2.17.3+pipewright"
TYPE_CHECK = True


def __getattr__(name):
    import importlib

    if name in ("components", "dsl", "v2"):
        return importlib.import_module("kfp." + name)
    absent = importlib.import_module("kfp.absent")  # `from kfp import absent` would ask this function for it.
    return absent.compile_time_name("kfp", name, absent.KFP_NAMES)
