/** What can be seen in pictures: shapes stand out by 3:1 and text by 4.5:1, from what is really behind them. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { open } from '../site.ts';

/** Each with the fewest shapes that it may have. */
const PICTURES: [path: string, shapes: string[]][] = [
  ['/runtimes?as_of=2026-11-20', ['rect.window', 'line.axis', 'line.now', 'line.halo']],
  ['/runtimes?as_of=2029-01-01', ['rect.window', 'rect.window.past']],
  ['/packages/scipy?as_of=2026-11-20', ['a.yes', 'a.part', 'a.no']],
];

/** Of the page. */
const SHOWN = 'main :is(svg, .dates-bar)';

export function pictures(): void {
  describe.each(['light', 'dark'] as const)('pictures, when %s', (colorScheme) => {
    test.each(PICTURES)('of %s have enough contrast', async (path, shapes) => {
      const { page } = await open(path, { colorScheme });
      await page.locator('main details').evaluateAll((all) => all.map((one) => one.setAttribute('open', '')));
      for (const shape of shapes) {
        expect([shape, await page.locator(`${SHOWN} ${shape}`).count()]).not.toEqual([shape, 0]);
      }
      const seen = await contrastsIn(page);
      expect(seen.filter(({ of, contrast }) => of === 'shape' && contrast < 3)).toEqual([]);
      expect(seen.filter(({ of, contrast }) => of === 'text' && contrast < 4.5)).toEqual([]);
      expect(seen.filter(({ of }) => of === 'text').length).toBeGreaterThan(4);
      // What crosses a bar has a border in the colour of the page.
      expect(seen.filter(({ of, contrast }) => of === 'halo' && contrast !== 1)).toEqual([]);
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
    const bar = [...document.querySelectorAll('.dates-bar :is(a, span)')].flatMap((one) => {
      const { color, borderTopColor, backgroundColor } = getComputedStyle(one);
      const what = `${one.className} ${one.textContent}`;
      if (one.tagName !== 'A') return { of: 'text', what, contrast: contrast(color, ground) };
      return [
        { of: 'shape', what, contrast: contrast(borderTopColor, ground) },
        { of: 'text', what, contrast: contrast(color, backgroundColor) },
      ];
    });
    const drawn = [...document.querySelectorAll('main svg :is(rect, line, circle, text)')].map((one) => {
      const { fill, stroke } = getComputedStyle(one);
      const what = `${one.tagName}.${one.getAttribute('class')} ${one.textContent.trim()}`;
      if (one.classList.contains('halo')) return { of: 'halo', what, contrast: contrast(stroke, ground) };
      if (one.tagName !== 'text') {
        const edge = stroke === 'none' ? ground : stroke;
        const inner = one.tagName === 'line' ? ground : fill;
        return { of: 'shape', what, contrast: Math.max(contrast(edge, ground), contrast(inner, ground)) };
      }
      const { x, y, width, height } = one.getBoundingClientRect();
      const behind = [...one.closest('svg')!.querySelectorAll('rect')].filter((rect) => {
        const box = rect.getBoundingClientRect();
        const [left, top] = [x + width / 2, y + height / 2];
        return box.left <= left && left <= box.right && box.top <= top && top <= box.bottom;
      });
      const under = behind.at(-1);
      return { of: 'text', what, contrast: contrast(fill, under ? getComputedStyle(under).fill : ground) };
    });
    return [...bar, ...drawn];
  });
}
