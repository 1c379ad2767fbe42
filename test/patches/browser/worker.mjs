/** A worker that answers one question. */
import { answer } from './browser-host.mjs';

addEventListener('message', async ({ data }) => {
  postMessage(await answer(data).catch((error) => ({ result: {}, printed: String(error.stack ?? error) })));
});
postMessage('ready');
