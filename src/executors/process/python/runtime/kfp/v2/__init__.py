"""The namespace of kfp 1.8 for pipelines of the second generation."""
