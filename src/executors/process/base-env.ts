const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'];
const CERTIFICATES = [
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'AWS_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
];
const PACKAGES = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_TRUSTED_HOST',
  'PIP_CONFIG_FILE',
  'PIP_CERT',
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
];
const USER = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'TZ', 'LC_ALL', 'LC_CTYPE', 'LD_LIBRARY_PATH'];

/**
 * The environment every step starts from. The server's own environment (database passwords, tokens) does not reach steps; these
 * names do, because programs do not work behind a proxy, a private CA or a package mirror without them.
 */
export const PASSED_ON: readonly string[] = [...PROXY, ...CERTIFICATES, ...PACKAGES, ...USER];

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `environment` is the server's (process.env). */
export function baseEnv(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = { PATH: environment['PATH'] || DEFAULT_PATH, LANG: environment['LANG'] || 'C.UTF-8' };
  for (const name of PASSED_ON) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  env['HOME'] ??= '/tmp';
  return env;
}
