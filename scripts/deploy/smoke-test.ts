/**
 * A few questions to a registry that has just been deployed, each with the answer of what was seeded.
 */
import type { Publication } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';

/** A new Worker takes a while to be everywhere, and the cache in front keeps answers from before the seed for a minute. */
const ATTEMPTS = 30;
const PAUSE_MS = 3_000;

/**
 * Throws an error that says what is wrong.
 * @param head the newest entry of the log that was seeded
 */
export async function smokeTest(
  publicUrl: string,
  head: Publication,
  { attempts = ATTEMPTS } = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askAll(publicUrl, head.root, head.revision);
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function askAll(publicUrl: string, digest: string, revision: number): Promise<void> {
  const health = (await (await fetch(`${publicUrl}/healthz`)).json()) as { status: string };
  if (health.status !== 'ok') throw new Error(`${publicUrl}/healthz says ${JSON.stringify(health)}`);
  const key = await fetch(`${publicUrl}/log/key`);
  const client = createClient({
    registry: publicUrl,
    ...(key.ok ? { logKey: (await key.text()).trim() } : {}),
  });
  const { registry, packages } = await client.resolve({
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    requirements: ['fastapi'],
    revision,
  });
  if (registry.digest !== digest) {
    throw new Error(`revision ${revision} of ${publicUrl} is ${registry.digest}, but ${digest} was seeded`);
  }
  const wheel = packages.find(({ name }) => name === 'fastapi')!.wheel.url;
  const index = await fetch(`${publicUrl}/simple/python_3.13_packages_2025_08_08/fastapi/`);
  if (!index.ok) throw new Error(`the simple index answers ${index.status}`);
  if (!(await index.text()).includes(wheel)) throw new Error('the simple index does not name the wheel');
}
