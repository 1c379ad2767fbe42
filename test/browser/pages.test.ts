/** The pages in a real browser, on the real Worker with the real data. */
import { comparePage } from './pages/compare.ts';
import { everyPage } from './pages/every-page.ts';
import { homePage } from './pages/home.ts';
import { onTheWire } from './pages/on-the-wire.ts';
import { packagePage } from './pages/package.ts';
import { packagesPage } from './pages/packages.ts';
import { patchedWheels } from './pages/patched.ts';
import { playground } from './pages/playground.ts';
import { useSite } from './site.ts';

useSite();
everyPage();
homePage();
packagesPage();
packagePage();
patchedWheels();
comparePage();
playground();
onTheWire();
