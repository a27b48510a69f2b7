"""The older name of kfp.dsl.executor."""
from kfp.dsl.executor import *
from kfp.dsl.executor import Executor
