import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { ProductError } from '../base/errors.ts';
import { catalogueAnswer, readCatalogue } from './catalogue.ts';
import { ComponentStore, type ComponentStoreOptions } from './component-store.ts';
import { componentDigest, gitBlobDigest } from './digest.ts';
import { environmentMirrors, PUBLIC_COMPONENTS, PUBLIC_PLACES } from './public-components.ts';

/** A host of one's own: answers by path, counts what it was asked. */
class Host {
  readonly answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => {
    this.asked.push(request.url!);
    const answer = this.answers.get(request.url!);
    if (answer) return answer(request, response);
    response.writeHead(404).end();
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  serve(path: string, body: string | Uint8Array): void {
    this.answers.set(path, (_, response) => response.end(body));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const step = (name: string) => `name: ${name}\nimplementation: {container: {image: busybox, command: [echo, ${name}]}}\n`;

const host = new Host();
let folder: string;

before(() => host.start());
after(() => host.stop());

beforeEach(() => {
  host.answers.clear();
  host.asked.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'components-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function store(options: ComponentStoreOptions = {}): ComponentStore {
  return new ComponentStore({
    localSearchPaths: [join(folder, 'local')],
    urlSearchPrefixes: [`${host.origin}/lib/`],
    ...options,
  });
}

async function failure(promise: Promise<unknown>): Promise<ProductError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ProductError, String(error));
    return error;
  }
  return assert.fail('it should not have been loaded');
}

describe('places are tried in order', () => {
  it('a folder goes before the template, the template before the prefixes', async () => {
    host.serve('/lib/a/b/component.yaml', step('prefix'));
    const options = { uriSearchTemplate: `${host.origin}/t/{tag}/{name}.yaml` };
    assert.equal((await store(options).loadComponent('a/b')).name, 'prefix');
    host.serve('/t//a%2Fb.yaml', step('template'));
    assert.equal((await store(options).loadComponent('a/b')).name, 'template');
    write('local/a/b/component.yaml', step('folder'));
    assert.equal((await store(options).loadComponent('a/b')).name, 'folder');
  });

  it('a template is tried with its slashes left alone, too', async () => {
    host.serve('/t/a/b.yaml', step('plain'));
    assert.equal((await store({ uriSearchTemplate: `${host.origin}/t/{name}.yaml` }).loadComponent('a/b')).name, 'plain');
  });

  it('a tag and a digest have their own files', async () => {
    const digest = componentDigest(step('pinned'));
    host.serve('/lib/a/versions/tags/v1', step('tagged'));
    host.serve(`/lib/a/versions/sha256/${digest}`, step('pinned'));
    assert.equal((await store().loadComponent('a', { tag: 'v1' })).name, 'tagged');
    assert.equal((await store().loadComponent('a', { digest })).name, 'pinned');
  });

  it('a zip archive with a component.yaml is a component', async () => {
    host.serve('/lib/a/component.yaml', zipSync({ 'component.yaml': Buffer.from(step('packed')) }));
    assert.equal((await store().loadComponent('a')).name, 'packed');
  });

  it('a mirror stands in for a host that cannot be reached', async () => {
    write('mirror/a/component.yaml', step('mirrored'));
    const mirrors = [{ prefix: 'https://components.invalid/lib/', target: join(folder, 'mirror') }];
    const offline = store({ urlSearchPrefixes: ['https://components.invalid/lib/'], mirrors, offline: true });
    assert.equal((await offline.loadComponent('a')).name, 'mirrored');
  });
});

describe('the public host', () => {
  const prefix = `${PUBLIC_COMPONENTS}0.2.5/components/`;

  it('is answered for by the folder or URL in COMPONENT_MIRROR', async () => {
    write('mirror/0.2.5/components/gcp/a/component.yaml', step('in a folder'));
    host.serve('/mirror/0.2.5/components/gcp/a/component.yaml', step('at a URL'));
    const load = async (target: string) => {
      const mirrors = environmentMirrors({ COMPONENT_MIRROR: target });
      return (await store({ urlSearchPrefixes: [prefix], mirrors, offline: !target.startsWith('http') }).loadComponent('gcp/a'))
        .name;
    };
    assert.equal(await load(join(folder, 'mirror')), 'in a folder');
    assert.equal(await load(`${host.origin}/mirror`), 'at a URL');
    assert.deepEqual(environmentMirrors({}), []);
  });

  it('has the places of the default store, and names from its mirror are suggested', async () => {
    write('mirror/master/components/gcp/a/component.yaml', step('a'));
    const mirrors = environmentMirrors({ COMPONENT_MIRROR: join(folder, 'mirror') });
    const places = { ...PUBLIC_PLACES, localSearchPaths: [join(folder, 'local')], mirrors, offline: true };
    assert.equal((await store(places).loadComponent('gcp/a')).name, 'a');
    assert.equal((await failure(store(places).loadComponent('gpc/a'))).hint, 'did you mean "gcp/a"?');
  });
});

describe('a name that is not found', () => {
  it('is not looked for at a host that does not answer', async () => {
    host.answers.set('/lib/mlengine/train/component.yaml', (request) => request.socket.destroy());
    const error = await failure(store().loadComponent('mlengine/train'));
    assert.equal(error.code, 'NOT_FOUND');
    assert.deepEqual(host.asked, ['/lib/mlengine/train/component.yaml']);
  });

  it('is found in a folder that spells it differently, with a warning', async () => {
    write('local/ml_engine/train/component.yaml', step('Train'));
    const warnings: string[] = [];
    const component = await store({ onWarning: (warning) => warnings.push(warning.message) }).loadComponent('mlengine/train');
    assert.equal(component.name, 'Train');
    assert.ok(warnings.includes('there is no component "mlengine/train"; "ml_engine/train" was loaded'));
    assert.equal(component.warnings[0]?.severity, 'warning');
  });

  for (const asked of ['mlengine/train', 'ml-engine/train']) {
    it(`"${asked}" is found at a host without a list`, async () => {
      host.serve('/lib/ml_engine/train/component.yaml', step('Train'));
      assert.equal((await store().loadComponent(asked)).name, 'Train');
    });
  }

  it('is looked up in the list above the prefix, without guessing', async () => {
    host.serve('/index.json', JSON.stringify({ files: [{ path: 'lib/ml_engine/train/component.yaml', name: 'Train' }] }));
    host.serve('/lib/ml_engine/train/component.yaml', step('Train'));
    assert.equal((await store().loadComponent('mlengine/train')).name, 'Train');
    assert.deepEqual(host.asked, [
      '/lib/mlengine/train/component.yaml',
      '/lib/index.json',
      '/index.json',
      '/lib/ml_engine/train/component.yaml',
    ]);
  });

  it('is an error with every place that was tried and the nearest names', async () => {
    write('local/ml_engine/train/component.yaml', step('Train'));
    const error = await failure(store().loadComponent('ml_engine/tran'));
    assert.equal(error.code, 'NOT_FOUND');
    assert.match(error.message, /^Component ml_engine\/tran was not found. Tried the following locations:\n/);
    assert.ok(error.message.includes(join(folder, 'local/ml_engine/tran/component.yaml')));
    assert.ok(error.message.includes(`${host.origin}/lib/ml_engine/tran/component.yaml (HTTP 404)`));
    assert.equal(error.hint, 'did you mean "ml_engine/train"?');
  });

  const unusable: readonly (readonly [title: string, name: string, version: { digest?: string; tag?: string }])[] = [
    ['a slash in front', '/a', {}],
    ['a slash at the end', 'a/', {}],
    ['a step out of the folder', 'a/../../b', {}],
    ['nothing', '', {}],
    ['a digest and a tag', 'a', { digest: '0'.repeat(64), tag: 'v1' }],
  ];
  for (const [title, name, version] of unusable) {
    it(`is refused before any place is tried: ${title}`, async () => {
      assert.equal((await failure(store().loadComponent(name, version))).code, 'INVALID_USAGE');
      assert.deepEqual(host.asked, []);
    });
  }
});

describe('content is checked', () => {
  it('the current file serves for a digest when it has it', async () => {
    host.serve('/lib/a/component.yaml', step('current'));
    assert.equal((await store().loadComponent('a', { digest: componentDigest(step('current')) })).name, 'current');
    assert.equal((await store().loadComponent('a', { digest: gitBlobDigest(Buffer.from(step('current'))) })).name, 'current');
  });

  it('another digest is refused', async () => {
    const digest = 'a'.repeat(64);
    host.serve(`/lib/a/versions/sha256/${digest}`, step('forged'));
    const error = await failure(store().loadComponent('a', { digest }));
    assert.equal(error.code, 'CONFLICT');
    assert.match(error.message, new RegExp(`has the digest ${componentDigest(step('forged'))}, not ${digest}`));
  });

  it('the lock file keeps what was loaded, and refuses a change', async () => {
    const lockFile = join(folder, 'components.lock.json');
    host.serve('/lib/a/component.yaml', step('first'));
    await store({ lockFile }).loadComponent('a');
    const entry = { url: `${host.origin}/lib/a/component.yaml`, digest: componentDigest(step('first')) };
    assert.deepEqual(JSON.parse(readFileSync(lockFile, 'utf8')), { lockVersion: 1, components: { a: entry } });
    host.serve('/lib/a/component.yaml', step('second'));
    assert.match((await failure(store({ lockFile }).loadComponent('a'))).message, /is not what the lock file has for "a"/);
  });

  it('a frozen store takes nothing that is not locked', async () => {
    host.serve('/lib/a/component.yaml', step('a'));
    const error = await failure(store({ lockFile: join(folder, 'lock.json'), frozen: true }).loadComponent('a'));
    assert.match(error.message, /"a" is not in the lock file/);
  });

  it('a broken component at a place is an error, not a reason to look further', async () => {
    write('local/a/component.yaml', 'name: 5\n');
    host.serve('/lib/a/component.yaml', step('other'));
    const error = await failure(store().loadComponent('a'));
    assert.equal(error.code, 'INVALID_PIPELINE');
    assert.equal(error.problems[0]?.line, 1);
  });
});

describe('what was read is kept', () => {
  const cached = () => ({ cacheFolder: join(folder, 'cache') });

  it('a host that knows the copy at hand does not send it again', async () => {
    host.answers.set('/lib/a/component.yaml', (request, response) => {
      if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end();
      return response.writeHead(200, { etag: '"1"' }).end(step('kept'));
    });
    await store(cached()).loadComponent('a');
    assert.equal((await store(cached()).loadComponent('a')).name, 'kept');
  });

  it('without an answer the copy is used, with a warning', async () => {
    host.serve('/lib/a/component.yaml', step('kept'));
    await store(cached()).loadComponent('a');
    host.answers.set('/lib/a/component.yaml', (request) => request.socket.destroy());
    const component = await store(cached()).loadComponent('a');
    assert.match(component.warnings[0]!.message, /the cached copy is used/);
  });

  it('locked content needs no host at all', async () => {
    host.serve('/lib/a/component.yaml', step('kept'));
    const options = { ...cached(), lockFile: join(folder, 'lock.json') };
    await store(options).loadComponent('a');
    host.asked.length = 0;
    assert.equal((await store(options).loadComponent('a')).name, 'kept');
    assert.deepEqual(host.asked, []);
  });

  it('a damaged copy is read again', async () => {
    host.serve('/lib/a/component.yaml', step('kept'));
    await store(cached()).loadComponent('a');
    writeFileSync(join(folder, 'cache/content', componentDigest(step('kept'))), 'garbage');
    assert.equal((await store(cached()).loadComponent('a')).name, 'kept');
  });
});

describe('reading a URL has limits', () => {
  const failing: readonly (readonly [
    title: string,
    options: ComponentStoreOptions,
    answer: (response: ServerResponse) => void,
    reason: RegExp,
  ])[] = [
    [
      'redirects without end',
      {},
      (response) => response.writeHead(302, { location: '/lib/x.yaml' }).end(),
      /redirected more than 5 times/,
    ],
    [
      'a redirect to another scheme',
      {},
      (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /not followed/,
    ],
    ['an answer that is too large', { maxBytes: 10 }, (response) => response.end(step('large')), /larger than 10 bytes/],
    ['no answer in time', { timeoutMs: 50 }, () => undefined, /no answer within 50 ms/],
    ['an empty answer', {}, (response) => response.end(), /empty/],
    ['an error status', {}, (response) => response.writeHead(500).end('oops'), /HTTP 500/],
  ];
  for (const [title, options, answer, reason] of failing) {
    it(title, async () => {
      host.answers.set('/lib/x.yaml', (_, response) => answer(response));
      assert.match((await failure(store(options).loadComponentFromUrl(`${host.origin}/lib/x.yaml`))).message, reason);
    });
  }

  it('only http and https are read', async () => {
    assert.equal((await failure(store().loadComponentFromUrl('file:///etc/passwd'))).code, 'INVALID_USAGE');
  });

  it('a redirect is followed, but credentials stay with their host', async () => {
    const other = new Host();
    await other.start();
    const seen: (string | undefined)[] = [];
    host.answers.set('/lib/x.yaml', (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${other.origin}/y.yaml` }).end();
    });
    other.answers.set('/y.yaml', (request, response) => {
      seen.push(request.headers.authorization);
      response.end(step('moved'));
    });
    try {
      const component = await store({ auth: { username: 'ann', password: 'pw' } }).loadComponentFromUrl(
        `${host.origin}/lib/x.yaml`,
      );
      assert.equal(component.name, 'moved');
      assert.deepEqual(seen, [`Basic ${Buffer.from('ann:pw').toString('base64')}`, undefined]);
    } finally {
      other.stop();
    }
  });
});

describe('search', () => {
  it('finds by name, title and description in folders and lists, whatever the case', async () => {
    write('local/gcp/bigquery/query/component.yaml', `${step('Ask BigQuery')}description: Runs a query\n`);
    host.serve(
      '/lib/index.json',
      JSON.stringify({
        files: [{ path: 'train/component.yaml', name: 'Train', description: 'uses BIGquery' }, { path: 'other.txt' }],
      }),
    );
    const names = async (text: string) => (await store().search(text)).map(({ name }) => name);
    assert.deepEqual(await names('bigquery'), ['gcp/bigquery/query', 'train']);
    assert.deepEqual(await names('RUNS A'), ['gcp/bigquery/query']);
    assert.equal((await store().list()).length, 2);
  });
});

describe('a catalogue serves a folder to any store', () => {
  const served = () => {
    for (const tag of ['v1', 'v2']) write(`cat/${tag}/components/gcp/a/component.yaml`, step(`a ${tag}`));
    write('secret.txt', 'no');
    return readCatalogue(join(folder, 'cat'));
  };

  it('files, versions by digest and by tag, and lists of what is there', () => {
    const catalogue = served();
    const digest = componentDigest(step('a v1'));
    const path = (request: string) => {
      const answer = catalogueAnswer(catalogue, request);
      return answer.kind === 'file' ? answer.path.slice(folder.length) : answer.kind;
    };
    assert.equal(path('/v1/components/gcp/a/component.yaml?x=1'), '/cat/v1/components/gcp/a/component.yaml');
    assert.equal(path(`/v2/components/gcp/a/versions/sha256/${digest}`), '/cat/v1/components/gcp/a/component.yaml');
    assert.equal(path('/v1/components/gcp/a/versions/tags/v2'), '/cat/v2/components/gcp/a/component.yaml');
    for (const request of [
      '/v1/components/gcp/b/component.yaml',
      '/../secret.txt',
      '/v1/%2e%2e/%2e%2e/secret.txt',
      '/%zz',
      '/nothing/index.json',
    ]) {
      assert.equal(path(request), 'missing', request);
    }
    const list = catalogueAnswer(catalogue, '/v1/components/index.json');
    assert.deepEqual(list.kind === 'json' && list.body, {
      count: 1,
      files: [{ path: 'gcp/a/component.yaml', name: 'a v1', description: '', digest }],
    });
  });

  it('a store reads it and suggests from it', async () => {
    const catalogue = served();
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const { kind, ...content } = catalogueAnswer(catalogue, request.url!);
      if ('path' in content) return response.end(readFileSync(content.path));
      return 'body' in content ? response.end(JSON.stringify(content.body)) : response.writeHead(404).end(kind);
    };
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const prefix = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/components/`;
      assert.equal((await store({ urlSearchPrefixes: [prefix] }).loadComponent('gcp/a')).name, 'a v1');
      assert.equal((await failure(store({ urlSearchPrefixes: [prefix] }).loadComponent('gpc/a'))).hint, 'did you mean "gcp/a"?');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
