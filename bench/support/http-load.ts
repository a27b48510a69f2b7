/** A client that keeps a server busy; run in a process of its own: `http-load.ts URL SECONDS CONCURRENCY`, prints JSON. */
import { Agent, get } from 'node:http';

const [url = '', seconds = '5', concurrency = '16'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) });
const end = performance.now() + Number(seconds) * 1000;
let answered = 0;
const started = performance.now();
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    while (performance.now() < end) {
      await once();
      answered += 1;
    }
  }),
);
console.log(JSON.stringify({ perSecond: answered / ((performance.now() - started) / 1000) }));
agent.destroy();

function once(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  get(url, { agent }, (response) => {
    if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`));
    response.resume();
    response.on('end', resolve);
  }).on('error', reject);
  return promise;
}
