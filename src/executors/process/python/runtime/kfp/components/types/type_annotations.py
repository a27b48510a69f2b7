"""The older name of kfp.dsl.types.type_annotations."""
from kfp.dsl.types.type_annotations import *
