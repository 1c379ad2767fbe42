/** Responses in parts, whose pace the tests set with gates. */
import type { Routes } from '../routes.ts';

export const streams: Routes = {
  /** Sends a chunk, and each further one when `/open/KEY-N` has been asked for. */
  async gated({ response, url, gates }, [count = '3']) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    for (let index = 0; index < Number(count); index++) {
      if (index > 0) await gates.wait(`${url.searchParams.get('key')}-${index}`);
      response.write(`chunk ${index}\n`);
    }
    response.end();
  },

  /** `/drip/10/20` sends ten bytes, one every 20 ms. */
  async drip({ response, arrival }, [count = '10', milliseconds = '20']) {
    response.writeHead(200, { 'content-length': count });
    for (let left = Number(count); left > 0 && arrival.method !== 'HEAD'; left--) {
      await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
      response.write('.');
    }
    response.end();
  },

  /** The head and one chunk, then nothing. */
  'never-ending'({ response }) {
    response.write('a beginning');
  },

  /** Nothing, not even the head, before `/open/KEY`. */
  async late({ response, url, gates }) {
    await gates.wait(url.searchParams.get('key')!);
    response.end('late');
  },

  /** Reads a body, which needs `?unread`, from `/open/KEY` on, and responds with its length. */
  async 'late-reader'({ request, response, url, gates }) {
    await gates.wait(url.searchParams.get('key')!);
    let length = 0;
    for await (const chunk of request) length += chunk.length;
    response.end(String(length));
  },

  /** Events with comments, several lines of data, and a character that is split between two chunks. */
  async events({ response, url, gates }) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const text = Buffer.from('event: note\nid: 2\ndata: Grüße\ndata: zwei\n\n');
    response.write(': a comment\n\ndata: one\n\n');
    if (url.searchParams.has('key')) await gates.wait(url.searchParams.get('key')!);
    response.write(text.subarray(0, 26));
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.write(text.subarray(26));
    response.end('data: [DONE]\n\n');
  },

  /** `size` bytes in chunks, for measuring. */
  async stream({ response }, [size = '0']) {
    const chunk = Buffer.alloc(65_536, 'y');
    for (let left = Number(size); left > 0; left -= chunk.length) {
      const written = response.write(left < chunk.length ? chunk.subarray(0, left) : chunk);
      if (!written) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  },
};
