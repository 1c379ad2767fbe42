/** A real Chromium for tests of the pages: the system's, or Debian's, installed if there is none. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** As root in a container, and without a word to anyone but the page. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchChromium(): Promise<Browser> {
  const found = () => EXECUTABLES.find((path) => existsSync(path));
  const executablePath = found() ?? (await installChromium().then(found));
  if (!executablePath)
    throw new Error(`apt-get installed chromium, but it is not one of ${EXECUTABLES.join(', ')}`);
  return chromium.launch({ executablePath, args: ARGUMENTS, timeout: 180_000 });
}

async function installChromium(): Promise<void> {
  const run = promisify(execFile);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  try {
    await run('apt-get', [...wait, 'update'], { env });
    await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'chromium'], { env });
  } catch (cause) {
    throw new Error(
      'The tests of the pages need Chromium. There is none, and apt-get could not install it; ' +
        'install Debian’s package chromium as root, then run the tests again.',
      { cause },
    );
  }
}
