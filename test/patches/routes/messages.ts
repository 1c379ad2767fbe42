/** Whole messages: what arrived, and responses whose headers matter. */
import { json } from '../json.ts';
import type { Routes } from '../routes.ts';

export const messages: Routes = {
  /** What arrived, as JSON. */
  echo({ response, arrival }) {
    const { body, ...rest } = arrival;
    json(response, { ...rest, body: body.toString('base64') });
  },

  status({ response, arrival }, [status = '200']) {
    response.writeHead(Number(status), { 'x-route': 'status', etag: '"tag"' });
    response.end(
      ['204', '304'].includes(status) || arrival.method === 'HEAD' ? undefined : `status ${status}`,
    );
  },

  bytes({ response }, [size = '0']) {
    response.end(Buffer.alloc(Number(size), 'x'));
  },

  /** The rest of the path is the charset of a text. */
  text({ response }, [charset = 'utf-8']) {
    const encodings: Record<string, BufferEncoding> = { 'latin-1': 'latin1', 'utf-16': 'utf16le' };
    const mark = charset === 'utf-16' ? '\ufeff' : '';
    response.writeHead(200, { 'content-type': `text/plain; charset=${charset}` });
    response.end(Buffer.from(`${mark}naïve café`, encodings[charset] ?? 'utf8'));
  },

  json({ response }) {
    json(response, { name: 'pinwheel', list: [1, 2, 3], nothing: null });
  },

  headers({ response }) {
    response.writeHead(200, 'Quite Fine', [
      ...['X-Twice', 'one', 'X-Twice', 'two', 'X-Latin', Buffer.from('é', 'utf8').toString('latin1')],
      ...['Cache-Control', 'no-store', 'Content-Type', 'text/plain'],
    ]);
    response.end('headers');
  },

  /** Three cookies, one of them with a comma in its date. */
  'set-cookies'({ response }) {
    response.writeHead(200, [
      ...['Set-Cookie', 'first=1; Path=/'],
      ...['Set-Cookie', 'second=two words; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT'],
      ...['Set-Cookie', 'third="3"; Path=/; HttpOnly'],
    ]);
    response.end('cookies');
  },
};
