"""The older name of kfp.dsl.types.artifact_types."""
from kfp.dsl.types.artifact_types import *
