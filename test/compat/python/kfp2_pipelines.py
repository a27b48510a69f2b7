"""Pipelines for the cases of kfp 2.x. Their steps are shell commands, which need no Python environment."""
import os
import tarfile
import zipfile

from kfp import compiler, dsl

from cases import file_in_folder


@dsl.container_component
def say(text: str, said: dsl.OutputPath(str)):
    return dsl.ContainerSpec(
        image='busybox',
        command=['sh', '-c', 'mkdir -p "$(dirname "$1")" && echo "says $0" && printf "%s" "$0" > "$1"'],
        args=[text, said],
    )


@dsl.container_component
def fail():
    return dsl.ContainerSpec(image='busybox', command=['sh', '-c', 'echo about to fail; exit 3'])


@dsl.container_component
def wait(seconds: int):
    return dsl.ContainerSpec(image='busybox', command=['sh', '-c', 'sleep "$0"'], args=[seconds])


@dsl.pipeline(name='greeting', description='Says something twice.')
def greeting(text: str = 'hello', times: int = 2, ratio: float = 0.5, loud: bool = True, words: list = ['a'], more: dict = {'b': 1}):
    first = say(text=text)
    say(text=first.outputs['said'])


@dsl.pipeline(name='failing')
def failing():
    fail()


@dsl.pipeline(name='waiting')
def waiting(seconds: int = 30):
    wait(seconds=seconds)


@dsl.pipeline(name='needy')
def needy(text: str):
    say(text=text)


def compiled(function, name):
    path = file_in_folder(name)
    compiler.Compiler().compile(function, path)
    return path


def packed(path):
    """The same pipeline as .zip and as .tar.gz, as the SDK and the dashboard may send it."""
    stem = os.path.splitext(path)[0]
    with zipfile.ZipFile(f'{stem}.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, 'pipeline.yaml')
    with tarfile.open(f'{stem}.tar.gz', 'w:gz') as archive:
        archive.add(path, 'pipeline.yaml')
    return f'{stem}.zip', f'{stem}.tar.gz'
