/** The Python files of this machine, and their imports by CPython's `ast` and by the scan. */
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { When } from '../../../resolver/python/project.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { decodeSource } from '../../../resolver/python/source.ts';

const ORACLE = fileURLToPath(new URL('ast_oracle.py', import.meta.url));

/** The folders of the standard library and of packages. */
const LIST = `
import json, pathlib, site, sysconfig
places = {*(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")), *site.getsitepackages()}
print(json.dumps(sorted({str(file.resolve()) for place in places for file in pathlib.Path(place).rglob("*.py")})))
`;

/** An import as the oracle writes it: line, column, module, level, names, when, guarded. */
export type OracleImport = [number, number, string, number, string[] | null, When, boolean];

export async function pythonFiles(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('python3', ['-c', LIST], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

/** One answer for each file, in the same order; null if CPython cannot parse it. */
export async function askAst(files: readonly string[]): Promise<(OracleImport[] | null)[]> {
  const child = spawn('python3', [ORACLE], { stdio: ['pipe', 'pipe', 'inherit'] });
  // If it ends too early, its output shows it.
  child.stdin.on('error', () => {}).end(files.map((file) => `${file}\n`).join(''));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
  if (lines.length !== files.length) throw new Error(`ast answered ${lines.length} of ${files.length} files`);
  return lines.map((line) => JSON.parse(line));
}

/** The result of the scan in the oracle's format; a text if Python cannot read the file. */
export async function scanFile(
  file: string,
): Promise<{ imports: OracleImport[] | string; isBroken: boolean }> {
  const source = decodeSource(await readFile(file));
  if (!source.ok) return { imports: source.problem, isBroken: true };
  const { imports, broken } = scanPython(source.text);
  const found = imports.map(
    ({ line, column, module, level, names, when, guarded }): OracleImport => [
      line,
      column,
      module,
      level,
      names === null ? null : [...names],
      when,
      guarded,
    ],
  );
  return { imports: found.sort((a, b) => a[0] - b[0] || a[1] - b[1]), isBroken: broken !== null };
}
