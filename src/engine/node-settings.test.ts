import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { constraintsOf, matchesLabels, wrongIn } from './admission-matching.ts';
import { nodeSettingsOf, nodeSettingsProblem } from './node-settings.ts';

const constant = (value: JsonValue): JsonObject => ({ runtimeValue: { constant: value } });
const resolve = (spec: JsonObject) => (isJsonObject(spec['runtimeValue']) ? spec['runtimeValue']['constant'] : undefined);

test('selectors, tolerations and affinities are read where they are written out, and as JSON that a parameter holds', () => {
  const toleration = { key: 'a', operator: 'Exists' };
  const affinity = { preferredDuringSchedulingIgnoredDuringExecution: [] };
  const config = {
    nodeSelector: { labels: { old: 'x' }, nodeSelectorJson: constant({ disk: 'ssd', generation: 4, isFast: true }) },
    tolerations: [
      { key: 'b', value: 'c' },
      { tolerationJson: constant([toleration, toleration]) },
      { tolerationJson: constant(toleration) },
      { tolerationJson: constant(JSON.stringify(toleration)) },
      { tolerationJson: constant(null) },
    ],
    nodeAffinity: [{ nodeAffinityJson: constant(affinity) }, { matchExpressions: [] }],
  };
  assert.deepEqual(nodeSettingsOf(config, resolve), {
    nodeSelector: { disk: 'ssd', generation: '4', isFast: 'true' },
    tolerations: [{ key: 'b', value: 'c' }, toleration, toleration, toleration, toleration],
    nodeAffinity: [affinity, { matchExpressions: [] }],
  });
  assert.equal(nodeSettingsProblem(config, resolve), undefined);
  assert.deepEqual(nodeSettingsOf({ nodeSelector: { labels: { old: 'x' } } }, resolve).nodeSelector, { old: 'x' });
});

test('a parameter that holds something else is a problem, and not nothing', () => {
  const problem = (config: JsonObject) => nodeSettingsProblem(config, resolve)?.message;
  const selector = (value: JsonValue) => problem({ nodeSelector: { nodeSelectorJson: constant(value) } });
  assert.match(selector('disk=ssd')!, /is given "disk=ssd" as its node selector/);
  assert.match(selector([{ disk: 'ssd' }])!, /as its node selector/);
  assert.match(selector(7)!, /is given 7 as its node selector/);
  assert.equal(selector(null), undefined);
  assert.equal(selector(''), undefined);
  assert.match(problem({ tolerations: [{ tolerationJson: constant(['a']) }] })!, /as its toleration/);
  assert.match(problem({ nodeAffinity: [{ nodeAffinityJson: constant(false) }] })!, /is given false as its node affinity/);
});

const pool = { name: 'p', labels: { generation: '10', tier: 'v3' }, taints: [], cpuMillis: 0, memoryBytes: 0, accelerators: {} };

function matches(expression: JsonObject): boolean {
  return matchesLabels(pool, { selector: {}, required: [{ matchExpressions: [expression] }] });
}

test('labels are compared by the operators of Kubernetes, Gt and Lt as whole numbers only', () => {
  const rows: readonly (readonly [JsonObject, boolean])[] = [
    [{ key: 'tier', operator: 'In', values: ['v2', 'v3'] }, true],
    [{ key: 'tier', operator: 'NotIn', values: ['v3'] }, false],
    [{ key: 'absent', operator: 'NotIn', values: ['v3'] }, true],
    [{ key: 'absent', operator: 'In', values: [''] }, false],
    [{ key: 'tier', operator: 'Exists' }, true],
    [{ key: 'absent', operator: 'DoesNotExist' }, true],
    [{ key: 'generation', operator: 'Gt', values: ['9'] }, true],
    [{ key: 'generation', operator: 'Gt', values: ['10'] }, false],
    [{ key: 'generation', operator: 'Lt', values: ['11'] }, true],
    [{ key: 'tier', operator: 'Gt', values: ['0'] }, false],
    [{ key: 'absent', operator: 'Lt', values: ['5'] }, false],
  ];
  for (const [expression, expected] of rows) assert.equal(matches(expression), expected, JSON.stringify(expression));
});

test('a required affinity without terms is met by no node', () => {
  const nodeAffinity = [{ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } }];
  assert.equal(matchesLabels(pool, constraintsOf({ nodeSelector: {}, tolerations: [], nodeAffinity })!), false);
});

test('an affinity that Kubernetes would not accept is a problem', () => {
  const wrong = (...nodeAffinity: readonly JsonObject[]) =>
    wrongIn(constraintsOf({ nodeSelector: {}, tolerations: [], nodeAffinity })!)?.message;
  const about = (expression: JsonObject) => wrong({ matchExpressions: [{ key: 'tier', ...expression }] });
  assert.match(about({ operator: 'in', values: ['v3'] })!, /about tier with the operator "in"/);
  assert.match(about({ operator: 'In', values: [] })!, /compares with no value/);
  assert.match(about({ operator: 'Gt', values: ['high'] })!, /needs one whole number/);
  assert.match(about({ operator: 'Lt', values: ['1', '2'] })!, /needs one whole number/);
  assert.equal(about({ operator: 'Exists' }), undefined);
  const liking = { matchExpressions: [{ key: 'tier', operator: 'Exists' }] };
  assert.match(wrong({ ...liking, weight: 101 })!, /with a weight of 101/);
  assert.match(wrong({ ...liking, weight: 0 })!, /with a weight of 0/);
  assert.equal(wrong({ ...liking, weight: 100 }), undefined);
});
