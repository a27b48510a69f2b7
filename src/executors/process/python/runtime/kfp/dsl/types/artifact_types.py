"""Artifact classes: a name, a URI with its local path, and metadata that the component may add to."""
import os
import warnings
from typing import Any, Dict, Optional

WORKSPACE_MOUNT_PATH = "/kfp-workspace"

# Where object stores appear in a container, in the order they are tried.
MOUNTS = {"gs://": "/gcs/", "minio://": "/minio/", "s3://": "/s3/", "oci://": "/oci/"}
MODEL_IMAGE_FOLDER = "/models"


class Artifact:
    schema_title = "system.Artifact"
    schema_version = "0.0.1"

    def __init__(self, name: Optional[str] = None, uri: Optional[str] = None, metadata: Optional[Dict[str, Any]] = None) -> None:
        self.uri = uri or ""
        self.name = name or ""
        self.metadata = metadata or {}
        self.custom_path = ""

    @property
    def path(self) -> str:
        return self._get_path()

    @path.setter
    def path(self, path: str) -> None:
        self._set_path(path)

    def _get_path(self) -> str:
        path = self.custom_path or local_path(self.uri)
        if self.metadata.get("_kfp_workspace") is True:
            return os.path.join(WORKSPACE_MOUNT_PATH, ".artifacts", path.lstrip("/"))
        return path

    def _set_path(self, path: str) -> None:
        self.uri = convert_local_path_to_remote_path(path)

    def set_path(self, path: str) -> None:
        """The component writes to `path` instead of the planned place; it is uploaded from there."""
        self.custom_path = path


def local_path(uri: str) -> str:
    for scheme, mount in MOUNTS.items():
        if uri.startswith(scheme):
            rest = uri[len(scheme):]
            return mount + (rest.replace("/", "_") if scheme == "oci://" else rest)
    return uri


def convert_local_path_to_remote_path(path: str) -> str:
    for scheme, mount in MOUNTS.items():
        if path.startswith(mount):
            rest = path[len(mount):]
            if scheme == "oci://":
                rest = rest.replace("_", "/")
                rest = rest[:-len(MODEL_IMAGE_FOLDER)] if rest.endswith(MODEL_IMAGE_FOLDER) else rest
            return scheme + rest
    return path


class Model(Artifact):
    schema_title = "system.Model"

    def _get_path(self) -> str:
        # An image that carries a model keeps its files in /models.
        return super()._get_path() + (MODEL_IMAGE_FOLDER if self.uri.startswith("oci://") else "")

    @property
    def framework(self) -> str:
        return self.metadata.get("framework", "")

    @framework.setter
    def framework(self, framework: str) -> None:
        self.metadata["framework"] = framework


class Dataset(Artifact):
    schema_title = "system.Dataset"


class HTML(Artifact):
    schema_title = "system.HTML"


class Markdown(Artifact):
    schema_title = "system.Markdown"


from kfp.dsl.types.metrics_types import ClassificationMetrics, Metrics, SlicedClassificationMetrics  # noqa: E402 (they derive from Artifact)

_SCHEMA_TITLE_TO_TYPE = {
    kind.schema_title: kind
    for kind in (Artifact, Model, Dataset, Metrics, ClassificationMetrics, SlicedClassificationMetrics, HTML, Markdown)
}

# Folder of the running task's outputs; the executor sets it.
CONTAINER_TASK_ROOT = None


def get_uri(suffix: str = "Output") -> str:
    """A URI below the running task's own folder, "" where the engine gives tasks no folder of their own (kfp up to 2.14)."""
    if CONTAINER_TASK_ROOT is None:
        raise RuntimeError("dsl.get_uri() is for running components: there is no task here to give a URI for.")
    if CONTAINER_TASK_ROOT == "/tmp/kfp_outputs":
        warnings.warn("dsl.get_uri() has no answer here: this engine gives tasks no folder of their own.", RuntimeWarning, stacklevel=2)
        return ""
    return os.path.join(convert_local_path_to_remote_path(CONTAINER_TASK_ROOT), suffix)
