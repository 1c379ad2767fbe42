/** The patched aiohttp in a Worker, its WebSockets included. */
import { aiohttpOnEmscripten } from '../aiohttp/wheels.ts';
import { checksIn } from '../checks.ts';
import { checkInWorkerd } from './check-in-workerd.ts';

checkInWorkerd({
  name: 'aiohttp',
  checks: checksIn(new URL('../aiohttp/', import.meta.url).href),
  wheels: aiohttpOnEmscripten,
  points: [1, 2, 6, 21],
});
