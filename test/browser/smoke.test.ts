/**
 * In a real browser, on the real Worker with the real data: a page of each kind, what the scripts are for, and all that
 * needs no browser. `npm run test:pages` has every page, every form and every picture.
 */
import { aPageOfEachKind } from './pages/every-page.ts';
import { onTheWire } from './pages/on-the-wire.ts';
import { scripts } from './pages/scripts.ts';
import { sharedFiles } from './pages/shared.ts';
import { useSite } from './site.ts';

useSite();
aPageOfEachKind();
scripts();
onTheWire();
sharedFiles();
