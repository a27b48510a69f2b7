"""Annotations of component functions, and what can be asked about them."""
import typing
from typing import Any, List, Optional, Union

from kfp.dsl.types import artifact_types

try:
    from typing import Annotated
except ImportError:  # Python 3.8

    class Annotated:
        """`Annotated[type, mark]`, and through `Annotated[T, mark][type]` for a type variable, as later Pythons have it."""

        def __init__(self, inner, mark):
            self.__origin__, self.__args__, self.__metadata__ = inner, (inner,), (mark,)

        def __class_getitem__(cls, parts):
            return cls(*parts)

        def __getitem__(self, inner):
            return Annotated(inner, self.__metadata__[0])

        def __eq__(self, other):
            return isinstance(other, Annotated) and (self.__origin__, self.__metadata__) == (other.__origin__, other.__metadata__)

        def __hash__(self):
            return hash((self.__origin__, self.__metadata__))

        def __call__(self):
            raise TypeError("an annotation is not a function")  # Only callables are accepted inside Optional[…].


class InputAnnotation:
    """Marks an artifact the component reads."""


class OutputAnnotation:
    """Marks an artifact the component writes."""


class EmbeddedAnnotation:
    """Marks files that travel inside the component's source."""


PARAMETER_NAMES = {"str", "string", "text", "int", "integer", "float", "double", "bool", "boolean", "list", "dict", "struct", "jsonobject", "jsonarray"}
ARTIFACT_NAMES = {kind.__name__.lower(): kind for kind in artifact_types._SCHEMA_TITLE_TO_TYPE.values()}


class _PathAnnotation:
    """`type` is the parameter type as given, or `<schema title>@<schema version>` of the artifact."""

    def __init__(self, type: Any = None) -> None:
        self.type = bundled_type(type)

    def __eq__(self, other):
        return self.__class__ is other.__class__ and self.type == other.type

    def __hash__(self):
        return hash((self.__class__, str(self.type)))

    def __call__(self):
        raise TypeError("an annotation is not a function")  # Only callables are accepted inside Optional[…].


class InputPath(_PathAnnotation):
    """The argument is the path of an input artifact."""


class OutputPath(_PathAnnotation):
    """The argument is the path to write an output parameter or artifact to."""


def bundled_type(kind: Any) -> Any:
    if not is_artifact_class(kind):
        named = ARTIFACT_NAMES.get(kind.lower()) if isinstance(kind, str) else None
        if named is None and is_parameter_type(kind):
            return kind
        kind = named or artifact_types.Artifact
    return "%s@%s" % (kind.schema_title, kind.schema_version)


def is_parameter_type(kind: Any) -> bool:
    name = kind if isinstance(kind, str) else getattr(kind, "__name__", None) or str(kind).replace("typing.", "")
    return name.split("[")[0].lower() in PARAMETER_NAMES


def is_artifact_class(kind: Any) -> bool:
    return hasattr(kind, "schema_title") and hasattr(kind, "schema_version")


def mark_of(annotation: Any) -> Optional[type]:
    """InputAnnotation, OutputAnnotation or EmbeddedAnnotation; None for any other annotation."""
    mark = (getattr(annotation, "__metadata__", None) or (None,))[0]
    return mark if mark in (InputAnnotation, OutputAnnotation, EmbeddedAnnotation) else None


def without_mark(annotation: Any) -> Any:
    return annotation.__origin__ if mark_of(annotation) else annotation


def maybe_strip_optional_from_annotation(annotation: Any) -> Any:
    """`Optional[X]`, `Union[X, None]` and `X | None` → X; anything else as it is."""
    if mark_of(annotation):
        return annotation
    is_union = getattr(annotation, "__origin__", None) is Union or type(annotation).__name__ == "UnionType"
    rest = [part for part in getattr(annotation, "__args__", ()) if part is not type(None)] if is_union else []
    return rest[0] if len(rest) == 1 else annotation


def artifact_of(annotation: Any) -> Any:
    """The artifact class of `Input[X]`, `Output[List[X]]`, `List[X]` or `X`; None when there is none."""
    inner = without_mark(maybe_strip_optional_from_annotation(annotation))
    while is_list(inner) and getattr(inner, "__args__", None):
        inner = inner.__args__[0]
    return inner if is_artifact_class(inner) else None


def is_list(annotation: Any) -> bool:
    return annotation is list or getattr(annotation, "__origin__", None) in (list, List)


def is_list_of_artifacts(annotation: Any) -> bool:
    return is_list(without_mark(maybe_strip_optional_from_annotation(annotation))) and artifact_of(annotation) is not None


def get_origin(annotation: Any) -> Any:
    return typing.get_origin(annotation) or annotation
