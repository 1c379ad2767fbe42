/**
 * Draws the picture that other sites show beside links to the pages, `registry/pages/assets/preview.png`, with Chromium:
 * `node scripts/link-preview.ts`, after a change of it.
 */
import { join } from 'node:path';
import { launchChromium } from '../test/browser/chromium.ts';
import { root } from './root.ts';

/** The logo of the pages. */
const BLADES = [0, 90, 180, 270].map(
  (angle) => `<path d="M16 16V3c6 0 10 5 10 8z" transform="rotate(${angle} 16 16)"/>`,
);

const PICTURE = `<body style="box-sizing: border-box; height: 100vh; margin: 0; padding: 72px 80px; display: flex; flex-direction: column;
  font: 36px/1.35 'DejaVu Sans', sans-serif; color: #e7eaed; background: #14171b; border-bottom: 16px solid #ff8a4c">
<div style="display: flex; align-items: center; gap: 24px; font-size: 44px; font-weight: 700">
  <svg viewBox="0 0 32 32" width="88" fill="#ff8a4c">${BLADES.join('')}</svg>Pinwheel</div>
<div style="margin: auto 0; font-size: 76px; line-height: 1.15; font-weight: 700">Can I use it<br>in a Python Worker?</div>
<div style="color: #a2acb6">Python, Pyodide and packages by compatibility date<br>of a Cloudflare Worker</div>
</body>`;

const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(PICTURE);
await page.screenshot({ path: join(root, 'registry/pages/assets/preview.png') });
await browser.close();
