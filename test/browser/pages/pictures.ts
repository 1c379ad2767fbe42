/** Pictures can be seen: shapes stand out by 3:1 and text by 4.5:1, from what is really behind them. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { open } from '../site.ts';

/** Each with the fewest shapes that it may have. */
const PICTURES: [path: string, shapes: string[]][] = [
  ['/packages/scipy?as_of=2026-11-20', ['a.listed', 'a.part', 'a.no']],
  ['/packages/numpy?as_of=2026-11-20', ['a.listed']],
];

/** The picture that the page shows. */
const SHOWN = 'main .dates-bar';

export function pictures(): void {
  describe.each(['light', 'dark'] as const)('pictures, when %s', (colorScheme) => {
    test.each(PICTURES)('of %s have enough contrast', async (path, shapes) => {
      const { page } = await open(path, { colorScheme });
      await page
        .locator('main details')
        .evaluateAll((all) => all.map((details) => details.setAttribute('open', '')));
      for (const shape of shapes) {
        expect([shape, await page.locator(`${SHOWN} ${shape}`).count()]).not.toEqual([shape, 0]);
      }
      const seen = await contrastsIn(page);
      expect(seen.filter(({ of, contrast }) => of === 'shape' && contrast < 3)).toEqual([]);
      expect(seen.filter(({ of, contrast }) => of === 'text' && contrast < 4.5)).toEqual([]);
      expect(seen.filter(({ of }) => of === 'text').length).toBeGreaterThan(4);
    });
  });
}

function contrastsIn(page: Page): Promise<{ of: string; what: string; contrast: number }[]> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    const luminance = (colour: string) => {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const contrast = (a: string, b: string) => {
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (light! + 0.05) / (dark! + 0.05);
    };
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll('.dates-bar :is(a, span)')].flatMap((element) => {
      const { color, borderTopColor, backgroundColor } = getComputedStyle(element);
      const what = `${element.className} ${element.textContent}`;
      if (element.tagName !== 'A') return { of: 'text', what, contrast: contrast(color, ground) };
      return [
        { of: 'shape', what, contrast: contrast(borderTopColor, ground) },
        { of: 'text', what, contrast: contrast(color, backgroundColor) },
      ];
    });
  });
}
