export const REQUIREMENTS = 'runtime-requirements.txt';

/** Where the SDK's executor looks for the functions of an image: it is started there. */
const WORK_FOLDER = '/usr/local/src/kfp/components';

/** `indexOptions`: see {@link pipIndexOptions}. */
export function pythonDockerfile(baseImage: string, indexOptions: string): string {
  const install = ['RUN pip install', ...(indexOptions === '' ? [] : [indexOptions]), '--no-cache-dir'].join(' ');
  return [
    `FROM ${baseImage}`,
    `WORKDIR ${WORK_FOLDER}`,
    `COPY ${REQUIREMENTS} ${REQUIREMENTS}`,
    `${install} -r ${REQUIREMENTS}`,
    `${install} kfp`,
    'COPY . .',
  ].join('\n');
}

/**
 * What pip is told of `pip_index_urls` and `pip_trusted_hosts`, as the SDK does it: the first URL is the index, and all of them are
 * trusted unless hosts are named (observed, kfp 2.17).
 */
export function pipIndexOptions(indexUrls: readonly string[], trustedHosts: readonly string[] | undefined): string {
  const indexes = indexUrls.map((url, position) => `${position === 0 ? '--index-url' : '--extra-index-url'} ${url}`);
  const trusted = indexUrls.length === 0 ? [] : (trustedHosts ?? indexUrls);
  return [...indexes, ...trusted.map((host) => `--trusted-host ${host}`)].join(' ');
}
