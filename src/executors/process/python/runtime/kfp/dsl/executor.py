"""Calls a component function with what the executor input holds for it and writes the executor output."""
import inspect
import json
import os
from typing import Any, Callable, Dict, Optional

from kfp.dsl import task_config, task_final_status
from kfp.dsl.returns import Returns
from kfp.dsl.types import artifact_types
from kfp.dsl.types import type_annotations as annotations

CHIEFS = ("workerpool0", "chief", "master")


class Executor:
    """`executor_input` is the JSON of ExecutorInput; names of sections are camelCase."""

    def __init__(self, executor_input: Dict[str, Any], function_to_execute: Callable) -> None:
        self.func = getattr(function_to_execute, "python_func", function_to_execute)
        self.inputs = executor_input.get("inputs") or {}
        self.outputs = executor_input["outputs"]
        self.executor_output_path = self.outputs["outputFile"]
        artifact_types.CONTAINER_TASK_ROOT = os.path.dirname(self.executor_output_path)
        self.annotations = inspect.getfullargspec(self.func).annotations
        self.input_artifacts = {name: self.read_artifacts(name, items) for name, items in self.sections(self.inputs)}
        self.output_artifacts = {name: self.read_artifacts(name, items[:1])[0] for name, items in self.sections(self.outputs)}
        for artifact in self.output_artifacts.values():
            make_parent(artifact.path)

    @staticmethod
    def sections(side):
        artifacts = (side.get("artifacts") or {}).items()
        return [(name, value["artifacts"]) for name, value in artifacts if value.get("artifacts")]

    def read_artifacts(self, name, items):
        wanted = annotations.artifact_of(self.annotations.get(name))
        return [make_artifact(item, wanted or artifact_types.Artifact) for item in items]

    def execute(self) -> Optional[str]:
        """The path of the executor output, or None where this process must not write it."""
        arguments = {}
        for name, annotation in self.annotations.items():
            if name != "return":
                self.bind(arguments, name, annotations.maybe_strip_optional_from_annotation(annotation))
        result = self.func(**arguments)
        return self.write_executor_output(result)

    def bind(self, arguments: Dict[str, Any], name: str, annotation: Any) -> None:
        mark = annotations.mark_of(annotation)
        if mark is annotations.EmbeddedAnnotation:
            arguments[name] = self.embedded_files(annotation)
        elif mark is annotations.OutputAnnotation:
            arguments[name] = self.output_artifacts.get(name)
        elif mark or annotations.artifact_of(annotation):
            arguments[name] = self.input_artifact(name, annotation)
        elif isinstance(annotation, annotations.OutputPath):
            arguments[name] = self.output_path(name)
        elif isinstance(annotation, annotations.InputPath):
            arguments[name] = self.input_path(name)
        else:
            self.bind_parameter(arguments, name, annotation)

    def bind_parameter(self, arguments, name, annotation):
        value = (self.inputs.get("parameterValues") or {}).get(name)
        if annotation is task_config.TaskConfig:
            arguments[name] = task_config.from_parameter(value)
        elif annotation is task_final_status.PipelineTaskFinalStatus:
            if value is None:
                raise ValueError("The engine gave no final status for input %r." % name)
            arguments[name] = task_final_status.from_parameter(value)
        elif value is not None:
            arguments[name] = read_model(annotation, value)

    def input_artifact(self, name, annotation):
        artifacts = self.input_artifacts.get(name)
        if artifacts is None or annotations.is_list_of_artifacts(annotation):
            return artifacts
        return artifacts[0]

    def embedded_files(self, annotation):
        names = self.func.__globals__
        place = names.get("__KFP_EMBEDDED_ASSET_FILE") or names.get("__KFP_EMBEDDED_ASSET_DIR")
        if not place:
            raise RuntimeError("The function asks for embedded files, and its component has none.")
        artifact = (annotations.artifact_of(annotation) or artifact_types.Artifact)()
        artifact.path = place
        return artifact

    def output_path(self, name):
        parameter = (self.outputs.get("parameters") or {}).get(name)
        if parameter and parameter.get("outputFile"):
            make_parent(parameter["outputFile"])
            return parameter["outputFile"]
        artifact = self.output_artifacts.get(name)
        return artifact.path if artifact else None

    def input_path(self, name):
        artifacts = self.input_artifacts.get(name)
        return artifacts[0].path if artifacts else None

    def write_executor_output(self, result: Any = None) -> Optional[str]:
        returns = Returns(self.func, self.output_artifacts)
        returns.add(result)
        output = returns.as_executor_output()
        if not is_chief():
            return None
        make_parent(self.executor_output_path)
        with open(self.executor_output_path, "w", encoding="utf-8") as file:
            json.dump(output, file, default=plain_number)
        return self.executor_output_path


def make_artifact(item: Dict[str, Any], wanted: type) -> Any:
    """System types become their own class whatever the annotation says; other types the annotated class."""
    kind = artifact_types._SCHEMA_TITLE_TO_TYPE.get((item.get("type") or {}).get("schemaTitle", ""), wanted)
    make = getattr(kind, "_from_executor_fields", kind)
    return make(name=item.get("name", ""), uri=item.get("uri", ""), metadata=item.get("metadata") or {})


def read_model(annotation: Any, value: Any) -> Any:
    """Pydantic models (version 2, then 1) are built from their struct; other values are passed as they came."""
    if isinstance(annotation, type) and isinstance(value, dict):
        read = getattr(annotation, "model_validate", None) or getattr(annotation, "parse_obj", None)
        if read:
            return read(value)
    return value


def plain_number(value: Any) -> Any:
    """NumPy numbers and arrays, which json does not know."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError("%s cannot be written as JSON" % type(value).__name__)


def is_chief() -> bool:
    """In distributed training every worker runs the function; one of them reports its result."""
    cluster = os.environ.get("CLUSTER_SPEC")
    return not cluster or json.loads(cluster)["task"]["type"] in CHIEFS


def make_parent(path: str) -> None:
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
