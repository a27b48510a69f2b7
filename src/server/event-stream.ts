import type { JsonObject } from '../base/json.ts';

export interface EventSink {
  send(event: string, data: JsonObject): void;
  close(): void;
}

/** A comment now and then keeps proxies from closing the connection. */
const KEEP_ALIVE_MS = 15_000;
/** A client that does not read is not waited for: it connects again and asks for what it missed. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Server-sent events as a response. `open` is given the sink and returns what ends it; the stream ends when the client goes, when the
 * server leaves, or when the sink is closed.
 */
export function eventStream(signals: readonly AbortSignal[], open: (sink: EventSink) => () => void): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let isOpen = true;
        let stop: (() => void) | undefined;
        const timer = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS);
        end = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(timer);
          for (const signal of signals) signal.removeEventListener('abort', end);
          stop?.();
          try {
            controller.close();
          } catch {
            // The client closed it first.
          }
        };
        const cutOff = () => {
          // Unlike closing, this drops what waits for the client.
          controller.error(new Error('the client does not read'));
          end();
        };
        const write = (text: string) => {
          if (!isOpen) return;
          if ((controller.desiredSize ?? 0) < 0) cutOff();
          else controller.enqueue(encoder.encode(text));
        };
        for (const signal of signals) signal.addEventListener('abort', end);
        write(': open\n\n');
        stop = open({ send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`), close: end });
        // It may have been closed before it was known what stops it.
        if (!isOpen) stop();
        else if (signals.some(({ aborted }) => aborted)) end();
      },
      cancel: () => end(),
    },
    { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk.byteLength },
  );
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
