/** Files by their SHA-256, as the sets pin them: immutable bytes, and the METADATA of wheels. */
import { printable } from '../../resolver/text/printable.ts';
import { createApi } from '../http/app.ts';
import { problem } from '../http/problem.ts';
import { describeWheels } from './describe.ts';
import { findPinnedWheel } from './find.ts';
import { sendFile } from './send-file.ts';
import { sendMetadata } from './send-metadata.ts';

const LONGEST_FILENAME = 300;
const METADATA = '.metadata';

export const wheelsApi = createApi();

describeWheels(wheelsApi);

wheelsApi.get('/wheels/:sha256/:filename', async (c) => {
  const { sha256, filename: asked } = c.req.param();
  const ofMetadata = asked.endsWith(METADATA);
  const filename = ofMetadata ? asked.slice(0, -METADATA.length) : asked;
  const readable = /^[0-9a-f]{64}$/.test(sha256) && filename.length <= LONGEST_FILENAME;
  const pinned = readable ? await findPinnedWheel(c.env, sha256, filename) : undefined;
  if (!pinned) {
    return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
  }
  const demand = { ...pinned, sha256, filename };
  return ofMetadata ? sendMetadata(c, demand) : sendFile(c, demand);
});
