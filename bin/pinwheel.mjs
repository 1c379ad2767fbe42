#!/usr/bin/env node
// Checked in, not built: npx links it once, and would go on without it if it was not there the first time.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/pinwheel.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  console.error(`error: pinwheel is not built in ${folder}`);
  console.error('  fix: Run npm run build there, which says what is wrong.');
  process.exitCode = 3;
}
