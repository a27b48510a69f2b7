import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPipelineDocument } from '../ir/read.ts';
import { writePipelineYaml } from '../ir/write.ts';
import { componentDocument } from './component-document.ts';
import { loadComponentFromText } from './load-component.ts';

const COPY = `name: Copy table
description: Copies
inputs: [{name: Table, type: CSV}, {name: Rows, type: Integer, default: '5'}]
outputs: [{name: Copy, type: Dataset}, {name: Row count, type: Integer}]
implementation:
  container:
    image: busybox
    command: [copy, {inputPath: Table}, {inputValue: Rows}, {outputPath: Copy}, {outputPath: Row count}]
`;

describe('a component as a document of its own', () => {
  const component = loadComponentFromText(COPY);
  const document = componentDocument(component.ir(), component.description);

  it('is a pipeline with the same interface and one task', () => {
    assert.deepEqual(Object.keys(document.spec.root.dag!.tasks), ['copy-table']);
    assert.deepEqual(document.spec.root.inputDefinitions, component.ir().component.inputDefinitions);
    assert.deepEqual(readPipelineDocument(writePipelineYaml(document)).problems, []);
  });

  it('loads again as the same component', () => {
    const again = loadComponentFromText(writePipelineYaml(document));
    assert.equal(again.description, 'Copies');
    assert.deepEqual(again.ir().component, component.ir().component);
    assert.deepEqual(again.ir().executor, component.ir().executor);
  });

  it('stays a pipeline when it was one', () => {
    const pipeline = loadComponentFromText(writePipelineYaml(document).replace('name: copy-table\nroot', 'name: other\nroot'));
    assert.equal(pipeline.ir().executor, undefined);
    const { root, components } = componentDocument(pipeline.ir()).spec;
    assert.deepEqual({ root, components }, { root: document.spec.root, components: document.spec.components });
  });
});
