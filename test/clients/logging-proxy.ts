/** A reverse proxy that logs the requests of clients. */
import { request as forward } from 'node:http';
import { listen } from '../common/listen.ts';

export interface Logged {
  method: string;
  path: string;
  accept: string | undefined;
  status: number;
}

export interface LoggingProxy {
  origin: string;
  /** Where requests go; 503 before it is set. */
  target: URL | undefined;
  log: Logged[];
  /** Replaces the `Accept` of clients. */
  accept: string | undefined;
  /** Changes the bytes of an answer in transit. */
  tamper: ((path: string, bytes: Buffer) => Buffer) | undefined;
  stop(): Promise<void>;
}

export async function startLoggingProxy(): Promise<LoggingProxy> {
  const server = await listen((request, response) => {
    const { method = 'GET', url = '/' } = request;
    if (!proxy.target) return void response.writeHead(503).end();
    const headers = { ...request.headers, ...(proxy.accept === undefined ? {} : { accept: proxy.accept }) };
    const { hostname: host, port } = proxy.target;
    const onward = forward({ host, port, method, path: url, headers, agent: false }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const status = answer.statusCode!;
      proxy.log.push({ method, path: url, accept: request.headers.accept, status });
      const { 'transfer-encoding': _, ...rest } = answer.headers;
      const bytes = Buffer.concat(chunks);
      response.writeHead(status, rest).end(proxy.tamper?.(url, bytes) ?? bytes);
    });
    onward.on('error', (error) => response.destroy(error));
    request.pipe(onward);
  });
  const proxy: LoggingProxy = {
    origin: server.origin,
    target: undefined,
    log: [],
    accept: undefined,
    tamper: undefined,
    stop: server.stop,
  };
  return proxy;
}
