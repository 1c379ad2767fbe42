/** `npm run log:key NAME`: a new key for the log of a registry, whose name is its address without https://. */
import { parseArgs } from 'node:util';
import { generateNoteKey } from '../resolver/log/note.ts';
import { orUsage } from './options.ts';

const USAGE = `npm run log:key -- NAME   make a key for the log of a registry

  NAME   its address without https://, such as registry.example/log`;

const name = orUsage(USAGE, () => {
  const [given, ...others] = parseArgs({ allowPositionals: true }).positionals;
  if (given === undefined || others.length > 0) throw new Error('Give one NAME.');
  return given;
});
const { signing, verifying } = await generateNoteKey(name).catch((error: Error) => {
  console.error(`pinwheel: ${error.message}`);
  process.exit(2);
});
console.log(`LOG_KEY, a secret of the Worker (wrangler secret put LOG_KEY):
${signing}

For those who verify:
${verifying}`);
