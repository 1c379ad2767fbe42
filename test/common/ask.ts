/** Asks vitest's global set-up for what the tests of a run share. */
import { get } from 'node:http';
import { text } from 'node:stream/consumers';

/** The variable in which the set-up says where it listens. */
export const ORIGIN = 'PINWHEEL_TEST_SHARED';

/** The folder of the built package; a folder with it packed and installed; the URL of a registry. */
export type Thing = 'package' | 'installed' | 'registry';

/** Waits as long as it takes: a test's own limit ends it. */
export async function shared(thing: Thing): Promise<string> {
  const [status, answer] = await new Promise<[number, string]>((resolve, reject) => {
    get(new URL(thing, process.env[ORIGIN]), async (response) => {
      resolve([response.statusCode!, await text(response)]);
    }).on('error', reject);
  });
  if (status !== 200) throw new Error(`What tests share could not be made: ${answer}`);
  return answer;
}
