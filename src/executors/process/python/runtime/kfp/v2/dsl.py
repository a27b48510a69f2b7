"""The 1.8 name of kfp.dsl."""
from kfp.dsl import *


def __getattr__(name):
    from kfp import absent

    return absent.compile_time_name("kfp.v2.dsl", name, absent.DSL_NAMES)
