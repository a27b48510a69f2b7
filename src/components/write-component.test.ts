import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readComponentText } from './read-component.ts';
import { writeComponent } from './write-component.ts';

describe('what is written reads back the same', () => {
  const rows: readonly (readonly [title: string, text: string])[] = [
    ['nothing', '{}'],
    ['names that look like other types', 'name: "yes"\ndescription: "1:30"\nversion: "=" \n'.replace('"=" ', '"="')],
    ['metadata', 'metadata: {annotations: {a: "1", b: "null"}, labels: {c: "~"}}'],
    [
      'ports',
      'inputs: [{name: a, type: {X: {y: [1, 2.5, null]}}, optional: true, annotations: {k: {n: 1}}}]\noutputs: [{name: o, type: [A], description: "x\\ny: z\\n"}]',
    ],
    [
      'defaults of every kind',
      'inputs: [{name: a, default: 5}, {name: b, default: 5.0}, {name: c, default: "5"}, {name: d, default: yes}, {name: e, default: -7}]',
    ],
    [
      'a command line',
      'inputs: [{name: n, optional: true}]\noutputs: [{name: o}]\nimplementation: {container: {image: i, command: [], args: [a, "1", {inputValue: n}, {inputUri: n}, {inputMetadata: n}, {outputPath: o}, {executorInput: null}, {outputMetadata: null}, {concat: [x, {if: {cond: {isPresent: n}, then: y, else: [z]}}]}, {if: {cond: true, then: []}}, {if: {cond: {inputValue: n}, then: a}}], env: {A: "1"}, fileOutputs: {o: /x}}}',
    ],
    [
      'a graph',
      'inputs: [{name: i}]\noutputs: [{name: o}]\nimplementation: {graph: {tasks: {a: {componentRef: {name: x, digest: d}, arguments: {p: {graphInput: {inputName: i, type: T}}, q: 5.0}, isEnabled: {and: {op1: {not: {"==": {op1: a, op2: {graphInput: {inputName: i}}}}}, op2: true}}, executionOptions: {retryStrategy: {maxRetries: 2}, cachingStrategy: {maxCacheStaleness: P0D}}, annotations: {k: v}}, b: {componentRef: {spec: {name: inner}}}}, outputValues: {o: {taskOutput: {taskId: a, outputName: q}}}}}',
    ],
  ];
  for (const [title, text] of rows) {
    it(title, () => {
      const { component, problems } = readComponentText(text);
      assert.ok(component, JSON.stringify(problems));
      const written = writeComponent(component);
      assert.deepEqual(readComponentText(written).component, component, written);
    });
  }
});
