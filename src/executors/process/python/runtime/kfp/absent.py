"""Names of kfp that only matter while a pipeline is compiled. Decorators leave functions as they are; the rest tells where it belongs."""

KFP_NAMES = {"Client", "compiler", "local", "registry"}

DECORATORS = {"component", "container_component", "notebook_component", "pipeline", "graph_component"}

DSL_NAMES = DECORATORS | {
    "Collected", "ConcatPlaceholder", "Condition", "ContainerSpec", "Elif", "Else", "ExitHandler", "If", "IfPresentPlaceholder",
    "KubernetesWorkspaceConfig", "OneOf", "ParallelFor", "PipelineConfig", "PipelineTask", "TaskConfigField", "TaskConfigPassthrough",
    "WorkspaceConfig", "importer",
}


def compile_time_name(module, name, known):
    if name not in known:
        raise AttributeError("module %r has no attribute %r" % (module, name))
    return decorator if name in DECORATORS else Absent(module + "." + name)


def decorator(func=None, **_options):
    """Both `@component` and `@component(base_image=…)`: inside a running step the function is simply callable."""
    return func if func is not None else (lambda function: function)


class Absent:
    def __init__(self, name):
        self._name = name

    def __call__(self, *_args, **_options):
        raise NotImplementedError(self._name + " is for writing pipelines; a running component cannot use it.")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self._name + "." + name)

    def __repr__(self):
        return "<%s: not available in a running component>" % self._name
