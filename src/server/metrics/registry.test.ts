import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from './registry.ts';

test('counters, gauges and histograms are written in the text format.', () => {
  const registry = new Registry();
  const counter = registry.counter({ name: 'requests_total', help: 'All\nrequests.' });
  counter.add({ route: 'a"b\\c\nd' });
  counter.add({ route: 'a"b\\c\nd' }, 2);
  const gauge = registry.gauge({ name: 'runs', help: 'Runs.' });
  gauge.set(3, { state: 'OLD' });
  gauge.clear();
  gauge.set(1.5);
  const histogram = registry.histogram({ name: 'seconds', help: 'Time.', buckets: [0.1, 1] });
  for (const value of [0.1, 0.5, 7]) histogram.observe(value);
  assert.equal(
    registry.text(),
    `# HELP requests_total All\\nrequests.
# TYPE requests_total counter
requests_total{route="a\\"b\\\\c\\nd"} 3
# HELP runs Runs.
# TYPE runs gauge
runs 1.5
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{le="0.1"} 1
seconds_bucket{le="1"} 2
seconds_bucket{le="+Inf"} 3
seconds_sum 7.6
seconds_count 3
`,
  );
});

test('a metric has a limited number of series.', () => {
  const registry = new Registry();
  const counter = registry.counter({ name: 'c', help: '' });
  for (let index = 0; index < 5_000; index += 1) counter.add({ path: String(index) });
  assert.match(registry.text(), /c\{overflow="true"\} 3000\n$/);
});
