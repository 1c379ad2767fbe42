/** `npm run log:key`: makes the key of a registry's log, or replaces it by one that clients follow. */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generateNoteKey, readSigner, verifierText } from '../resolver/log/note.ts';
import { shellWord } from '../resolver/text/printable.ts';
import { orUsage } from './command.ts';
import { DEPLOYED } from './deploy/config.ts';

const USAGE = `npm run log:key -- NAME            make a key for the log of a registry
npm run log:key -- --rotate FILE   put a new key into FILE, before the one there
npm run log:key -- --retire FILE   leave out the one before

  NAME   its address without https://, such as registry.example/log
  FILE   that of its key: .wrangler/state/v3/log-key.txt for npm start,
         .wrangler/pinwheel/NAME.log-key.txt for npm run deploy

A rotated log is signed by both keys, and names the new one. Whoever asks for it
meanwhile goes on with the new key, and needs the one before no longer.`;

const { name, rotate, retire } = orUsage(USAGE, () => {
  const options = { rotate: { type: 'string' }, retire: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const given = [...positionals, ...Object.values(values)];
  if (given.length !== 1) throw new Error('Give one NAME, --rotate FILE or --retire FILE.');
  return { name: positionals[0], ...values };
});

try {
  if (name !== undefined) await make(name);
  else if (rotate !== undefined) await replace(rotate, rotated);
  else await replace(retire!, retired);
} catch (error) {
  console.error(`pinwheel: ${(error as Error).message}`);
  process.exit(2);
}

async function make(name: string): Promise<void> {
  const { signing, verifying } = await generateNoteKey(name);
  console.log(`LOG_KEY, a secret of the Worker (wrangler secret put LOG_KEY):
${signing}

For those who verify:
${verifying}`);
}

async function rotated(file: string, [current, before]: readonly string[]): Promise<string> {
  if (before !== undefined) throw new Error(`${file} has two keys: --retire leaves out the one before.`);
  const { signing } = await generateNoteKey((await readSigner(current!))!.name);
  return `${signing}\n${current}\n`;
}

async function retired(file: string, [current, before]: readonly string[]): Promise<string> {
  if (before === undefined) throw new Error(`${file} has one key: there is none before it.`);
  // A log that was not signed by the new key yet starts only with this one.
  await appendFile(`${file}.retired`, `${before}\n`, { mode: 0o600 });
  console.log(`The key before is in ${file}.retired. Delete it once the log is signed without it.\n`);
  return `${current}\n`;
}

/** Writes the file as a whole: a key that is half written would be lost. */
async function replace(
  file: string,
  change: (file: string, keys: readonly string[]) => Promise<string>,
): Promise<void> {
  const text = (await readFile(file, 'utf8')).trim();
  if (!(await readSigner(text))) throw new Error(`${file} has no key of a log.`);
  const after = await change(file, text.split(/\s+/));
  await writeFile(`${file}.new`, after, { mode: 0o600 });
  await rename(`${file}.new`, file);
  const config = relative(process.cwd(), DEPLOYED);
  console.log(`For those who verify:
${verifierText((await readSigner(after))!)}

It signs from the next npm start on. If the registry is deployed, run
npx wrangler secret put LOG_KEY --config ${shellWord(config)} \\
  < ${shellWord(relative(process.cwd(), resolve(file)))}`);
}
