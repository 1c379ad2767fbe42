/** Texts of both the page and its script. */

/** The caption of the last lines of the answer. */
export const TO_VENDOR = 'Then vendor it';
export const FROM_INDEX = 'From PyPI, if it is pure Python';

/**
 * The sentence about the tests of a package, if sets have them or not. The script contains its source, so it uses
 * nothing from outside itself.
 */
export function testsText(name: string, known: boolean): string {
  return known
    ? `The test suite of ${name}, which Pyodide splits off into a separate file. It has nothing to import: use ${name}.`
    : `No package set has the tests of ${name} in a file of their own: use ${name}.`;
}
