/** `npm run log:key NAME`: a new key for the log of a registry, whose name is its address without https://. */
import { generateNoteKey } from '../resolver/log/note.ts';

const [name = 'registry.example/log'] = process.argv.slice(2);
const { signing, verifying } = await generateNoteKey(name);
console.log(`LOG_KEY, a secret of the Worker (wrangler secret put LOG_KEY):
${signing}

For those who verify:
${verifying}`);
