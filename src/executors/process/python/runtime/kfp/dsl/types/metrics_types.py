"""Metrics artifacts: numbers kept in the metadata, in the shapes dashboards draw from."""
from typing import Dict, List

from kfp.dsl.types.artifact_types import Artifact


class Metrics(Artifact):
    """`metadata` maps a metric's name to its number."""

    schema_title = "system.Metrics"

    def log_metric(self, metric: str, value: float) -> None:
        self.metadata[metric] = value


class ClassificationMetrics(Artifact):
    """`confidenceMetrics`: points of a ROC curve. `confusionMatrix`: `annotationSpecs` name rows and columns, `rows` hold the counts."""

    schema_title = "system.ClassificationMetrics"

    def log_roc_data_point(self, fpr: float, tpr: float, threshold: float) -> None:
        point = {"confidenceThreshold": threshold, "recall": tpr, "falsePositiveRate": fpr}
        self.metadata.setdefault("confidenceMetrics", []).append(point)

    def log_roc_curve(self, fpr: List[float], tpr: List[float], threshold: List[float]) -> None:
        if not len(fpr) == len(tpr) == len(threshold):
            raise ValueError("A ROC curve needs as many fpr (%d) as tpr (%d) and threshold values (%d)." % (len(fpr), len(tpr), len(threshold)))
        for point in zip(fpr, tpr, threshold):
            self.log_roc_data_point(*point)

    def set_confusion_matrix_categories(self, categories: List[str]) -> None:
        self.metadata["confusionMatrix"] = {
            "annotationSpecs": [{"displayName": category} for category in categories],
            "rows": [{"row": [0] * len(categories)} for _ in categories],
        }

    def log_confusion_matrix_row(self, row_category: str, row: List[float]) -> None:
        index = self._category_index(row_category)
        if len(row) != len(self._categories()):
            raise ValueError("The row of %r has %d values for %d categories." % (row_category, len(row), len(self._categories())))
        self.metadata["confusionMatrix"]["rows"][index] = {"row": row}

    def log_confusion_matrix_cell(self, row_category: str, col_category: str, value: int) -> None:
        row = self.metadata["confusionMatrix"]["rows"][self._category_index(row_category)]["row"]
        row[self._category_index(col_category)] = value

    def log_confusion_matrix(self, categories: List[str], matrix: List[List[int]]) -> None:
        self.set_confusion_matrix_categories(categories)
        if len(matrix) != len(categories) or any(len(row) != len(categories) for row in matrix):
            raise ValueError("A confusion matrix for %d categories has that many rows and columns; got %r." % (len(categories), matrix))
        for category, row in zip(categories, matrix):
            self.log_confusion_matrix_row(category, row)

    def _categories(self) -> List[str]:
        specs = self.metadata.get("confusionMatrix", {}).get("annotationSpecs", [])
        return [spec["displayName"] for spec in specs]

    def _category_index(self, category: str) -> int:
        if category not in self._categories():
            raise ValueError("%r is not among the categories of the confusion matrix: %r" % (category, self._categories()))
        return self._categories().index(category)


class SlicedClassificationMetrics(Artifact):
    """`evaluationSlices`: the metadata of one ClassificationMetrics for each named slice of the data."""

    schema_title = "system.SlicedClassificationMetrics"

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self._slices: Dict[str, ClassificationMetrics] = {}

    def log_roc_reading(self, slice: str, threshold: float, tpr: float, fpr: float) -> None:
        self._of(slice).log_roc_data_point(fpr, tpr, threshold)

    def load_roc_readings(self, slice: str, readings: List[List[float]]) -> None:
        """Each reading is [threshold, true positive rate, false positive rate]."""
        for threshold, tpr, fpr in readings:
            self._of(slice).log_roc_data_point(fpr, tpr, threshold)

    def set_confusion_matrix_categories(self, slice: str, categories: List[str]) -> None:
        self._of(slice).set_confusion_matrix_categories(categories)

    def log_confusion_matrix_row(self, slice: str, row_category: str, row: List[int]) -> None:
        self._of(slice).log_confusion_matrix_row(row_category, row)

    def log_confusion_matrix_cell(self, slice: str, row_category: str, col_category: str, value: int) -> None:
        self._of(slice).log_confusion_matrix_cell(row_category, col_category, value)

    def load_confusion_matrix(self, slice: str, categories: List[str], matrix: List[List[int]]) -> None:
        self._of(slice).log_confusion_matrix(categories, matrix)

    def _of(self, slice: str) -> ClassificationMetrics:
        if slice not in self._slices:
            self._slices[slice] = ClassificationMetrics()
            entry = {"slice": slice, "sliceClassificationMetrics": self._slices[slice].metadata}
            self.metadata.setdefault("evaluationSlices", []).append(entry)
        return self._slices[slice]
