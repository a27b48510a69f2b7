import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepPipeline } from '../../support/step-pipeline.ts';

/** Writes `ir.yaml`: a pipeline in the format of kfp 2.x for the cases of kfp 1.8, which cannot compile one. */
export async function writeGreeting(folder: string): Promise<string> {
  const pipeline = stepPipeline({
    name: 'greeting',
    parameters: { who: { type: 'STRING', default: 'World' } },
    steps: { greet: { sh: 'echo "Hello, $0!"', args: ["{{$.inputs.parameters['who']}}"], inputs: { who: 'root:who' } } },
  });
  const file = join(folder, 'ir.yaml');
  await writeFile(file, JSON.stringify(pipeline));
  return file;
}
