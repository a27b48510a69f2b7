"""The older place of kfp.dsl.types."""
