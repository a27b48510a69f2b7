import { createServer, request } from 'node:http';

/** A registry behind a login: asks for Basic credentials and hands everything else on to `target` (`127.0.0.1:PORT`). */
export async function guardedRegistry(
  target: string,
  user: { readonly username: string; readonly password: string },
): Promise<AsyncDisposable & { readonly address: string }> {
  const [host, port] = target.split(':') as [string, string];
  const expected = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
  const server = createServer((incoming, answer) => {
    if (incoming.headers.authorization !== expected) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' });
      return answer.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
    }
    const { authorization: _, ...headers } = incoming.headers;
    const onward = request({ host, port, method: incoming.method, path: incoming.url, headers }, (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    return incoming.pipe(onward);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    address: `127.0.0.1:${(server.address() as { readonly port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
