/** Asks vitest's global setup for what the tests of a run share. */
import { get } from 'node:http';
import { text } from 'node:stream/consumers';

/** The variable with the address of the setup. */
export const ORIGIN = 'PINWHEEL_TEST_SHARED';

/**
 * The folder of the built package; a folder with what the command needs, and one with the package packed and installed;
 * a folder of D1 and R2; the URL of a registry.
 */
export type Thing = 'package' | 'command' | 'installed' | 'state' | 'registry';

/** Waits without a limit: that of the test applies. */
export async function shared(thing: Thing): Promise<string> {
  const [status, answer] = await new Promise<[number, string]>((resolve, reject) => {
    get(new URL(thing, process.env[ORIGIN]), async (response) => {
      resolve([response.statusCode!, await text(response)]);
    }).on('error', reject);
  });
  if (status !== 200) throw new Error(`What tests share could not be made: ${answer}`);
  return answer;
}
