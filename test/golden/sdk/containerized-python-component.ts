import { pipeline, python, string } from '../../../src/sdk/pipewright.ts';

const concatMessage = python({
  source: 'def concat_message(message1: str, message2: str) -> str: ...',
  targetImage: 'kfp-image',
  inputs: { message1: string, message2: string },
  outputs: { Output: string },
});

export default pipeline({ name: 'concat-message', inputs: { message1: string, message2: string } }, (inputs) => {
  return concatMessage(inputs).output;
});
