"""The source of the image that public pipelines call kfp-image: a containerised Python component of the 2.x SDK."""
from kfp import dsl


@dsl.component(base_image='python:3.11', target_image='kfp-image')
def concat_message(message1: str, message2: str) -> str:
    return message1 + message2
