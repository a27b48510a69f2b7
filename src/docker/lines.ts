import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of an answer as they come. Node's readline hands an error of its input on to nobody once the reader has left, and that
 * ends the process.
 */
export async function* linesOf(answer: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of answer) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
