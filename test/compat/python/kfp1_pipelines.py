"""Pipelines for the cases of kfp 1.8: what it compiles itself is an Argo Workflow; `ir.yaml` in the folder is one of kfp 2.x."""
import kfp
from kfp import dsl

from cases import file_in_folder

IR = file_in_folder('ir.yaml')


@dsl.pipeline(name='old-greeting', description='An Argo Workflow.')
def old_greeting(text: str = 'hello', times: int = 2):
    dsl.ContainerOp(name='say', image='busybox', command=['echo'], arguments=[text, times])


def compiled(name):
    path = file_in_folder(name)
    kfp.compiler.Compiler().compile(old_greeting, path)
    return path
