/** Redirects. */
import { json } from '../json.ts';
import type { Routes } from '../routes.ts';

export const redirects: Routes = {
  /** `/redirect/3` goes to `/redirect/2`…, `/redirect/0` is the end. */
  redirect({ response, arrival }, [left = '0']) {
    if (left === '0') return void json(response, { method: arrival.method, body: arrival.body.toString() });
    const next = left === 'loop' ? 'loop' : String(Number(left) - 1);
    response.writeHead(302, { location: `/redirect/${next}`, 'set-cookie': `hop${left}=${left}; Path=/` });
    response.end(`to ${next}`);
  },

  'redirect-to'({ response, url }) {
    const status = Number(url.searchParams.get('status') ?? 302);
    response.writeHead(status, { location: url.searchParams.get('to')! });
    response.end('elsewhere');
  },
};
