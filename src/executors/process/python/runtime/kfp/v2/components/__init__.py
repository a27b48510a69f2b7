"""The 1.8 namespace of what is kfp.components today."""
