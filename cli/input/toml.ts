import type { Table } from '../../resolver/formats/table.ts';
import { refuseInput } from './refusal.ts';

/** Reads TOML; its parser comes with the first file that there is to read. */
export async function parseToml(file: string, text: string, code: string): Promise<Table> {
  const { parse } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    const problem =
      error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.trimEnd();
    const message = `${file} could not be understood: ${problem}`;
    throw refuseInput([{ code, message, fix: 'Correct the TOML.' }], error);
  }
}
