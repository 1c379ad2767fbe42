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

/** The statement for a function that Pyodide exports: a variable, and a property of the module, both named after it. */
const EXPORT = /(?:var )?(_([\w$]+))=Module\["\1"\]=wasmExports\["\2"\];/g;
/** From 314 on, all these variables are declared at once. */
const DECLARED = /(?<=var )(?:_[\w$]+,)+/g;
const ALL_EXPORTS = 'for(const name in wasmExports)Module["_"+name]??=wasmExports[name];';

/**
 * The glue with one statement for all exports whose variables it does not use, as are nearly all of some 4,000: theirs
 * are a quarter of it. Releases before 0.28 have others.
 */
export function withoutUnusedVariables(glue: string): string {
  const others = glue.replaceAll(EXPORT, '').replaceAll(DECLARED, '');
  const used = new Set(others.match(/_[\w$]+/g));
  let hasStatement = false;
  const withoutStatements = glue.replaceAll(EXPORT, (statement, variable) => {
    if (used.has(variable)) return statement;
    if (hasStatement) return '';
    hasStatement = true;
    return ALL_EXPORTS;
  });
  if (!hasStatement) return glue;
  return withoutStatements.replaceAll(DECLARED, (declared) => {
    const variables = declared.split(',');
    return variables.filter((variable) => variable === '' || used.has(variable)).join(',');
  });
}
