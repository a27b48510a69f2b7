"""The older name of kfp.dsl.task_final_status."""
from kfp.dsl.task_final_status import *
