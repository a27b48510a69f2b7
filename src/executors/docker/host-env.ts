/** What a container needs of this machine's surroundings: proxies, a package mirror, certificates of a private authority. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'];
const PACKAGES = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_TRUSTED_HOST',
  'PIP_DEFAULT_TIMEOUT',
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
];
const PLAIN = [...PROXY, ...PACKAGES, 'TZ'];
/** Variables that name a file of certificates; it is shown to the container and the variable names it there. */
const CERTIFICATES = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'AWS_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
];
/** Not the place of the image's own bundle, which programs inside replace. */
const CERTIFICATE_FOLDER = '/etc/pipewright/certificates';
/** pip's settings that say where packages come from, and the variable each stands for. */
const PIP_SETTINGS: Readonly<Record<string, string>> = {
  'index-url': 'PIP_INDEX_URL',
  'extra-index-url': 'PIP_EXTRA_INDEX_URL',
  'trusted-host': 'PIP_TRUSTED_HOST',
  cert: 'PIP_CERT',
};

export interface HostEnv {
  readonly env: Readonly<Record<string, string>>;
  /** Files to show read-only. */
  readonly files: readonly { readonly source: string; readonly target: string }[];
}

/**
 * The server's environment does not reach steps; these names do, because `pip install` in a step, which every lightweight
 * component begins with, does not work behind a proxy, a mirror or a private authority without them.
 */
export function hostEnv(environment: Readonly<Record<string, string | undefined>>): HostEnv {
  const known = { ...pipSettings(environment), ...environment };
  const env: Record<string, string> = {};
  for (const name of PLAIN) if (known[name]) env[name] = known[name];
  const files: { source: string; target: string }[] = [];
  for (const name of CERTIFICATES) {
    const source = known[name];
    if (!source || !existsSync(source)) continue;
    let file = files.find((other) => other.source === source);
    if (!file) files.push((file = { source, target: join(CERTIFICATE_FOLDER, `${files.length}.pem`) }));
    env[name] = file.target;
  }
  return { env, files };
}

/** From pip's files, the user's over the machine's; pip's own order (pip documentation, "Configuration"). */
function pipSettings({
  PIP_CONFIG_FILE: named,
  XDG_CONFIG_HOME: config,
  HOME: home,
}: Readonly<Record<string, string | undefined>>) {
  const files = [
    '/etc/pip.conf',
    ...(home ? [join(home, '.pip/pip.conf'), join(config || join(home, '.config'), 'pip/pip.conf')] : []),
    ...(named ? [named] : []),
  ];
  const found: Record<string, string> = {};
  for (const file of files) if (existsSync(file)) Object.assign(found, parsePipSettings(readFileSync(file, 'utf8')));
  return found;
}

/** Of the sections [global] and [install]; values may go on in lines that begin with a space. */
export function parsePipSettings(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let section = '';
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const [, header] = /^\[(.*)\]\s*$/.exec(line) ?? [];
    if (header !== undefined) section = header;
    if (header !== undefined || /^\s*[#;]/.test(line)) continue;
    if (/^\s+\S/.test(line) && current !== undefined) {
      found[current] = `${found[current]} ${line.trim()}`.trim();
      continue;
    }
    const [, key = '', value = ''] = /^([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    current = section === 'global' || section === 'install' ? PIP_SETTINGS[key] : undefined;
    if (current !== undefined) found[current] = value;
  }
  return found;
}
