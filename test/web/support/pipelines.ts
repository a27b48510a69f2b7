import type { JsonObject } from '../../../src/base/json.ts';
import { stepPipeline } from '../../support/step-pipeline.ts';

/** Ends at once. */
export const quick = (name = 'quick'): JsonObject => stepPipeline({ name, steps: { say: { sh: 'echo hello' } } });

/** Fails, unless it is told not to. */
export const picky = (): JsonObject =>
  stepPipeline({
    name: 'picky',
    parameters: { mode: { type: 'STRING', default: 'fail' } },
    steps: {
      check: {
        sh: 'if [ "$0" = fail ]; then echo "cannot work in mode $0" >&2; exit 3; fi; echo fine',
        args: ["{{$.inputs.parameters['mode']}}"],
        inputs: { mode: 'root:mode' },
      },
    },
  });

/** Runs until it is ended. */
export const endless = (): JsonObject => stepPipeline({ name: 'endless', steps: { wait: { sh: 'sleep 600', cached: false } } });

/** An input of every type. */
export const typed = (): JsonObject =>
  stepPipeline({
    name: 'typed',
    parameters: {
      title: { type: 'STRING' },
      count: { type: 'NUMBER_INTEGER', default: 3 },
      rate: { type: 'NUMBER_DOUBLE', default: 0.5 },
      is_loud: { type: 'BOOLEAN', default: false },
      names: { type: 'LIST', default: ['a', 'b'] },
      options: { type: 'STRUCT', default: { depth: 2 } },
    },
    steps: { say: { sh: 'echo "$0"', args: ["{{$.inputs.parameters['title']}}"], inputs: { title: 'root:title' } } },
  });
