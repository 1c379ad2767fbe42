/** Changes of Emscripten's glue, each of which has to find what it replaces. */
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

/** Has the glue contain functions that libraries have as text, which it would evaluate: no Worker may. */
export function withFunctions(version: string, glue: string, functions: readonly string[]): string {
  const entries = functions.map((text) => `${JSON.stringify(text)}: ${text.replace(/;$/, '')}`);
  const put = `ASM_CONSTS[start]=({${entries.join(',\n')}})[func]`;
  return patchOnce(version, glue, ['ASM_CONSTS[start]=eval(func)', put]);
}
