import type { Table } from '../../../resolver/formats/table.ts';
import type { malformedPylock, malformedPyproject } from '../../../resolver/issues/documents.ts';
import { inputError } from '../../common/input-error.ts';

type Malformed = typeof malformedPyproject | typeof malformedPylock;

/** Parses TOML. The parser is imported on first use. */
export async function parseToml(file: string, text: string, malformed: Malformed): Promise<Table> {
  const { parse } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    const problem =
      error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.trimEnd();
    const message = `${file} could not be parsed: ${problem}`;
    throw inputError([malformed({ message, fix: 'Correct the TOML.' })], error);
  }
}
