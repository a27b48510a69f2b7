"""The part of a task's own pod settings that is passed through to its component."""
import dataclasses
from typing import Any, Dict, List, Optional


@dataclasses.dataclass
class TaskConfig:
    affinity: Optional[Dict[str, Any]] = None
    tolerations: Optional[List[Dict[str, Any]]] = None
    node_selector: Optional[Dict[str, str]] = None
    env: Optional[List[Dict[str, Any]]] = None
    volumes: Optional[List[Dict[str, Any]]] = None
    volume_mounts: Optional[List[Dict[str, Any]]] = None
    resources: Optional[Dict[str, Any]] = None


def from_parameter(value):
    value = value or {}
    names = {"node_selector": "nodeSelector", "volume_mounts": "volumeMounts"}
    return TaskConfig(**{field.name: value.get(names.get(field.name, field.name)) for field in dataclasses.fields(TaskConfig)})
