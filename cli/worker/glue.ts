/** Patches of Emscripten's glue. Each has to find what it replaces exactly once. */
import { unknownGlue } from '../../resolver/issues/build.ts';
import { unanswered } from '../common/failure.ts';

export type Patch = readonly [text: string | RegExp, put: string];

export function patchOnce(version: string, glue: string, [text, put]: Patch): string {
  const [before, after, ...more] = glue.split(text);
  if (after === undefined || more.length > 0) {
    throw unanswered([unknownGlue({ pyodide: version, text: String(text) })]);
  }
  return `${before}${put}${after}`;
}

/** Puts functions that libraries have as text into the glue, which would evaluate them: Workers may not. */
export function withFunctions(version: string, glue: string, functions: readonly string[]): string {
  const entries = functions.map((text) => `${JSON.stringify(text)}: ${text.replace(/;$/, '')}`);
  const put = `ASM_CONSTS[start]=({${entries.join(',\n')}})[func]`;
  return patchOnce(version, glue, ['ASM_CONSTS[start]=eval(func)', put]);
}
