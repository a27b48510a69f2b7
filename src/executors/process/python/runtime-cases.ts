/** For tests: what the runtime must make of component functions; the same cases run with the bundled and with a real kfp. */

export interface RuntimeCase {
  readonly title: string;
  /** Defines `f`; the usual imports of a component come before it. */
  readonly source: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Input artifacts: name → items of ExecutorInput. */
  readonly inputs?: Readonly<Record<string, readonly object[]>>;
  /** Names of output artifacts with their schema title. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly outputParameters?: readonly string[];
  /** The executor output, `<root>` for the folder of the step; undefined when the step fails. */
  readonly expected: object | undefined;
  /** What the real kfp makes of it where that differs, with the reason. */
  readonly realDiffers?: string;
}

const MODEL = {
  name: '1',
  uri: '/m',
  type: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
  metadata: { framework: 'x' },
};
const OTHER = { name: '2', uri: 's3://b/k', type: { schemaTitle: 'google.Thing', schemaVersion: '0.0.1' }, metadata: {} };
const output = (value: unknown) => ({ parameterValues: { Output: value } });
const artifact = (name: string, metadata: object, more: object = {}) => ({
  artifacts: { [name]: { artifacts: [{ name, uri: `<root>/out/${name}`, metadata, ...more }] } },
});

export const RUNTIME_CASES: readonly RuntimeCase[] = [
  {
    title: 'parameters of all types',
    source: 'def f(a: int, b: float, c: bool, d: list, e: dict, g: Dict[str, int]) -> list:\n    return [a, b, c, d, e, g]\n',
    parameters: { a: 1, b: 2.5, c: false, d: [1], e: { k: null }, g: { k: 1 } },
    expected: output([1, 2.5, false, [1], { k: null }, { k: 1 }]),
  },
  {
    title: 'an absent and a null parameter leave the default',
    source: 'def f(a: Optional[str] = None, b: int = 3) -> list:\n    return [a, b]\n',
    parameters: { b: null },
    expected: output([null, 3]),
  },
  { title: 'a missing required parameter fails', source: 'def f(a: int): pass\n', expected: undefined },
  { title: 'a float may be returned as an int', source: 'def f() -> float:\n    return 3\n', expected: output(3) },
  { title: 'an int returned as a float fails', source: 'def f() -> int:\n    return 3.0\n', expected: undefined },
  { title: 'a text returned for a number fails', source: 'def f() -> int:\n    return "3"\n', expected: undefined },
  { title: 'nothing returned is no output', source: 'def f() -> int:\n    return None\n', expected: {} },
  { title: 'an unannotated return value fails', source: 'def f():\n    return 3\n', expected: undefined },
  {
    title: 'named outputs, from a tuple',
    source: 'def f() -> NamedTuple("O", [("a", int), ("b", Dict[str, int])]):\n    return (1, {"k": 2})\n',
    expected: { parameterValues: { a: 1, b: { k: 2 } } },
  },
  {
    title: 'named outputs, from another named tuple',
    source:
      'def f() -> NamedTuple("O", a=int, b=str):\n    from collections import namedtuple\n    return namedtuple("X", ["b", "a"])("t", 1)\n',
    expected: { parameterValues: { a: 1, b: 't' } },
  },
  {
    title: 'too few named outputs fail',
    source: 'def f() -> NamedTuple("O", a=int, b=str):\n    return (1,)\n',
    expected: undefined,
  },
  {
    title: 'an output artifact keeps what was added to it',
    source: 'def f(m: Output[Metrics]):\n    m.log_metric("acc", 0.5); m.metadata["k"] = [1]\n',
    outputs: { m: 'system.Metrics' },
    expected: artifact('m', { acc: 0.5, k: [1] }),
  },
  {
    title: 'a custom path is reported',
    source: 'def f(d: Output[Dataset]):\n    d.set_path("/tmp/x")\n',
    outputs: { d: 'system.Dataset' },
    expected: artifact('d', {}, { custom_path: '/tmp/x' }),
  },
  {
    title: 'a returned artifact replaces the planned one',
    source: 'def f() -> Model:\n    return Model(name="n", uri=dsl.get_uri("x"), metadata={"k": 1})\n',
    outputs: { Output: 'system.Model' },
    expected: { artifacts: { Output: { artifacts: [{ name: 'n', uri: '<root>/out/x', metadata: { k: 1 } }] } } },
  },
  {
    title: 'another value returned for an artifact becomes its text',
    source: 'def f() -> Dataset:\n    return {"a": 1}\n',
    outputs: { Output: 'system.Dataset' },
    expected: artifact('Output', {}),
  },
  {
    title: 'input artifacts: classes, paths, metadata',
    source:
      'def f(m: Input[Model], a: Input[Artifact]) -> list:\n    return [type(m).__name__, m.path, m.framework, m.name, type(a).__name__, a.path, a.uri]\n',
    inputs: { m: [MODEL], a: [OTHER] },
    expected: output(['Model', '/m', 'x', '1', 'Artifact', '/s3/b/k', 's3://b/k']),
  },
  {
    title: 'a system type wins over the annotation',
    source: 'def f(m: Input[Artifact]) -> str:\n    return type(m).__name__\n',
    inputs: { m: [MODEL] },
    expected: output('Model'),
  },
  {
    title: 'lists of artifacts',
    source: 'def f(m: Input[List[Model]], n: List[Artifact]) -> list:\n    return [[x.path for x in m], [x.uri for x in n]]\n',
    inputs: { m: [MODEL, MODEL], n: [OTHER] },
    expected: output([['/m', '/m'], ['s3://b/k']]),
  },
  {
    title: 'an optional artifact that is absent',
    source: 'def f(m: Optional[Input[Model]] = None) -> bool:\n    return m is None\n',
    expected: output(true),
  },
  {
    title: 'paths of inputs and outputs',
    source:
      'def f(i: InputPath("Model"), o: OutputPath(str), d: OutputPath("Dataset"), e: OutputPath(Dataset)):\n    open(o, "w").write(i + d + e)\n',
    inputs: { i: [MODEL] },
    outputs: { d: 'system.Dataset', e: 'system.Dataset' },
    outputParameters: ['o'],
    expected: { artifacts: { ...artifact('d', {}).artifacts, ...artifact('e', {}).artifacts } },
  },
  {
    title: 'a custom artifact class is used for its own type',
    source:
      'class Thing(Artifact):\n    schema_title = "google.Thing"\n\ndef f(a: Input[Thing]) -> str:\n    return type(a).__name__\n',
    inputs: { a: [OTHER] },
    expected: output('Thing'),
  },
  {
    title: 'the final status of a task',
    source:
      'def f(s: PipelineTaskFinalStatus) -> list:\n    return [s.state, s.pipeline_job_resource_name, s.pipeline_task_name, s.error_code, s.error_message]\n',
    parameters: { s: { state: 'FAILED', pipelineJobResourceName: 'r', pipelineTaskName: 't', error: { code: 1, message: 'm' } } },
    expected: output(['FAILED', 'r', 't', 1, 'm']),
  },
  {
    title: 'the configuration of a task',
    source: 'def f(c: dsl.TaskConfig) -> list:\n    return [c.node_selector, c.volume_mounts, c.env]\n',
    parameters: { c: { nodeSelector: { a: 'b' }, volumeMounts: [] } },
    expected: output([{ a: 'b' }, [], null]),
  },
  {
    title: 'embedded files',
    source:
      '__KFP_EMBEDDED_ASSET_DIR = "/assets"\ndef f(a: dsl.EmbeddedInput[Dataset]) -> list:\n    return [type(a).__name__, a.path]\n',
    expected: output(['Dataset', '/assets']),
  },
  {
    title: 'points of a curve and a confusion matrix',
    source:
      'def f(m: Output[ClassificationMetrics]):\n    m.log_roc_curve([0.1], [0.9], [0.5])\n    m.log_confusion_matrix(["a", "b"], [[1, 2], [3, 4]])\n    m.log_confusion_matrix_cell("a", "b", 9)\n',
    outputs: { m: 'system.ClassificationMetrics' },
    expected: artifact('m', {
      confidenceMetrics: [{ confidenceThreshold: 0.5, recall: 0.9, falsePositiveRate: 0.1 }],
      confusionMatrix: {
        annotationSpecs: [{ displayName: 'a' }, { displayName: 'b' }],
        rows: [{ row: [1, 9] }, { row: [3, 4] }],
      },
    }),
  },
  {
    title: 'an unknown category fails',
    source:
      'def f(m: Output[ClassificationMetrics]):\n    m.set_confusion_matrix_categories(["a"])\n    m.log_confusion_matrix_row("b", [1])\n',
    outputs: { m: 'system.ClassificationMetrics' },
    expected: undefined,
  },
  {
    title: 'metrics of slices',
    source: 'def f(m: Output[SlicedClassificationMetrics]):\n    m.log_roc_reading("s", 0.5, 0.9, 0.1)\n',
    outputs: { m: 'system.SlicedClassificationMetrics' },
    expected: artifact('m', {
      evaluationSlices: [
        {
          slice: 's',
          sliceClassificationMetrics: { confidenceMetrics: [{ confidenceThreshold: 0.5, recall: 0.9, falsePositiveRate: 0.1 }] },
        },
      ],
    }),
    realDiffers: 'kfp 2.17 raises AttributeError there',
  },
  {
    title: 'paths of object stores, images and the workspace',
    source:
      'def f() -> list:\n    w = Artifact(uri="s3://b/k", metadata={"_kfp_workspace": True})\n    p = Artifact(); p.path = "/gcs/b/k"\n    return [Artifact(uri="gs://a/b").path, Artifact(uri="minio://a/b").path, Model(uri="oci://r/i:t").path, Artifact(uri="oci://r/i:t").path, w.path, p.uri]\n',
    expected: output([
      '/gcs/a/b',
      '/minio/a/b',
      '/oci/r_i:t/models',
      '/oci/r_i:t',
      '/kfp-workspace/.artifacts/s3/b/k',
      'gs://b/k',
    ]),
  },
  {
    title: 'decorated helper functions',
    source:
      '@dsl.component\ndef g() -> int:\n    return 4\n\n@dsl.component(base_image="x")\ndef h() -> int:\n    return 5\n\ndef f() -> int:\n    return g() + h()\n',
    expected: output(9),
    realDiffers: 'decorators are absent at run time there',
  },
  {
    title: 'the older namespaces',
    source:
      'from kfp.v2.dsl import Input as I, component\nfrom kfp.components import executor_main\nimport kfp.v2.components.types.artifact_types\n\ndef f(m: I[Model]) -> str:\n    return m.path\n',
    inputs: { m: [MODEL] },
    expected: output('/m'),
    realDiffers: 'kfp 2.x has no kfp.v2',
  },
  {
    title: 'a worker that is not the chief writes no outputs',
    source: 'import os\nos.environ["CLUSTER_SPEC"] = \'{"task": {"type": "worker"}}\'\ndef f() -> int:\n    return 1\n',
    expected: undefined,
  },
  {
    title: 'a pydantic-like model in and out',
    source:
      'class P:\n    def __init__(self, k): self.k = k\n    @classmethod\n    def model_validate(cls, value): return cls(**value)\n    def model_dump(self, mode=None): return {"k": self.k + 1}\n\ndef f(p: P) -> P:\n    return p\n',
    parameters: { p: { k: 1 } },
    expected: output({ k: 2 }),
    realDiffers: 'newer than kfp 2.17',
  },
];
