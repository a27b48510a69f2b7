"""From what a component function returned to the JSON of ExecutorOutput."""
import inspect
from typing import Any, Callable, Dict

from kfp.dsl.types import artifact_types
from kfp.dsl.types import type_annotations as annotations

# The name of the only output of a function that returns one value.
SINGLE_OUTPUT = "Output"


class Returns:
    def __init__(self, func: Callable, output_artifacts: Dict[str, Any]) -> None:
        self.func = func
        self.artifacts = output_artifacts
        self.parameters: Dict[str, Any] = {}

    def add(self, result: Any) -> None:
        if result is None:
            return
        declared = annotations.maybe_strip_optional_from_annotation(inspect.signature(self.func).return_annotation)
        if not is_named_tuple(declared):
            self.add_one(SINGLE_OUTPUT, declared, result)
            return
        fields = declared._fields
        if len(result) != len(fields):
            raise RuntimeError("%s() returned %d values where its annotation names %d." % (self.func.__name__, len(result), len(fields)))
        for index, field in enumerate(fields):
            value = result[index] if type(result) is tuple else getattr(result, field)
            self.add_one(field, declared.__annotations__[field], value)

    def add_one(self, name: str, declared: Any, value: Any) -> None:
        if annotations.is_artifact_class(declared):
            self.add_artifact(name, value)
        elif hasattr(declared, "model_dump") or hasattr(declared, "parse_obj"):
            self.parameters[name] = value.model_dump(mode="json") if hasattr(value, "model_dump") else value.dict()
        elif annotations.is_parameter_type(annotations.get_origin(declared)):
            self.add_parameter(name, declared, value)
        else:
            raise RuntimeError(
                "%s() is annotated to return %r; a component returns str, int, float, bool, list, dict, an artifact, "
                "or a NamedTuple of these." % (self.func.__name__, declared)
            )

    def add_parameter(self, name: str, declared: Any, value: Any) -> None:
        wanted = annotations.get_origin(declared)
        accepted = (int, float) if wanted is float else wanted
        if isinstance(accepted, (type, tuple)) and not isinstance(value, accepted):
            raise ValueError("%s() returned %s for %r where its annotation says %s." % (self.func.__name__, type(value).__name__, name, declared))
        self.parameters[name] = value

    def add_artifact(self, name: str, value: Any) -> None:
        """A returned artifact takes the place of the planned one; any other value becomes the planned one's text."""
        if isinstance(value, artifact_types.Artifact):
            self.artifacts[name] = value
            return
        if name not in self.artifacts:
            raise ValueError("The engine planned no artifact for output %r." % name)
        with open(self.artifacts[name].path, "w") as file:
            file.write(str(value))

    def as_executor_output(self) -> Dict[str, Any]:
        output: Dict[str, Any] = {}
        if self.parameters:
            output["parameterValues"] = self.parameters
        if self.artifacts:
            output["artifacts"] = {name: {"artifacts": [describe(artifact)]} for name, artifact in self.artifacts.items()}
        return output


def describe(artifact: Any) -> Dict[str, Any]:
    described = {"name": artifact.name, "uri": artifact.uri, "metadata": artifact.metadata}
    if getattr(artifact, "custom_path", ""):
        described["custom_path"] = artifact.custom_path
    return described


def is_named_tuple(declared: Any) -> bool:
    return isinstance(declared, type) and issubclass(declared, tuple) and hasattr(declared, "_fields") and hasattr(declared, "__annotations__")
