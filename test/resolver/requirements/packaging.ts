/** Asks Python's `packaging`, with which the resolver has to agree. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VERSION = '26.3';
const FOLDER = fileURLToPath(new URL(`../../../.cache/packaging-${VERSION}`, import.meta.url));
const SCRIPT = fileURLToPath(new URL('packaging_oracle.py', import.meta.url));

function python(args: string[], input = ''): string {
  const run = spawnSync('python3', args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status === 0) return run.stdout;
  throw new Error(`python3 ${args.join(' ')} failed: ${run.error?.message ?? run.stderr}`);
}

/** Installs `packaging` into `.cache`, once, and atomically by a rename. */
export function installPackaging(): void {
  if (existsSync(FOLDER)) return;
  const partial = `${FOLDER}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '3', '--no-deps', '--target', partial];
    python([...pip, `packaging==${VERSION}`]);
    renameSync(partial, FOLDER);
  } catch (error) {
    if (existsSync(FOLDER)) return;
    throw new Error(`These tests need packaging ${VERSION} from PyPI, through python3 and pip`, {
      cause: error,
    });
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** One answer per question, in the same order, in the format of the script, by default packaging_oracle.py. */
export function askPackaging<Answer>(questions: readonly object[], script = SCRIPT): Answer[] {
  const lines = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  return python([script, FOLDER], lines)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
